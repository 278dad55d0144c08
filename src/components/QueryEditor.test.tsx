import React, { useState } from 'react';
import { CoreApp, LoadingState } from '@grafana/data';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type DataSource } from '../datasource';
import { type NatsQuery } from '../types';
import { stubLayout } from '../testing/layout';
import QueryEditor from './QueryEditor';

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  getTemplateSrv: () => ({ getVariables: () => [{ name: 'account' }], replace: (text: string) => text }),
}));

beforeAll(stubLayout);

function setup(part: Partial<NatsQuery> = {}, values = jest.fn().mockResolvedValue([]), place: object = {}) {
  const onRunQuery = jest.fn();
  const seen = { query: { refId: 'A', version: 1, queryType: 'stops', view: 'timeseries', ...part } as NatsQuery };
  const datasource = {
    uid: 'nats',
    values,
    applyTemplateVariables: (query: NatsQuery) => query,
  } as unknown as DataSource;
  function Host() {
    const [query, setQuery] = useState(seen.query);
    seen.query = query;
    return <QueryEditor {...place} datasource={datasource} query={query} onChange={setQuery} onRunQuery={onRunQuery} />;
  }
  render(<Host />);
  return { seen, onRunQuery, values, user: userEvent.setup() };
}

const choose = async (user: ReturnType<typeof userEvent.setup>, label: string, option: string | RegExp) => {
  await user.click(screen.getByRole('combobox', { name: label }));
  await user.click(await screen.findByRole('option', { name: option }));
};

describe('fields', () => {
  it.each([
    ['stops', 'timeseries', ['Metric', 'Group by', 'Interval', 'Limit']],
    ['stops', 'totals', ['Metric', 'Group by', 'Limit']],
    ['stops', 'table', ['Group by', 'Sort by', 'Order', 'Limit']],
    ['stops', 'records', ['Sort by', 'Order', 'Limit']],
    ['stops', 'logs', ['Limit']],
    ['connections', 'totals', ['Metric', 'Group by', 'Limit']],
    ['servers', 'table', ['Group by', 'Sort by', 'Limit']],
  ] as const)('of %s as %s', (queryType, view, fields) => {
    setup({ queryType, view });
    for (const field of ['Metric', 'Group by', 'Interval', 'Sort by', 'Order', 'Limit']) {
      const shown = screen.queryByLabelText(field, { exact: false });
      expect([field, shown !== null]).toEqual([field, fields.some((wanted) => wanted === field)]);
    }
  });
});

describe('Live', () => {
  it('is switched on for single stops, and dropped with their view', async () => {
    const { seen, user } = setup({ view: 'logs' });
    await user.click(screen.getByRole('switch', { name: 'Live' }));
    expect(seen.query.live).toBe(true);
    await choose(user, 'View', /^Totals/);
    expect(seen.query.live).toBeUndefined();
  });

  it.each([
    ['stops', 'totals'],
    ['connections', 'records'],
    ['findings', 'logs'],
  ] as const)('is not offered for %s as %s', (queryType, view) => {
    setup({ queryType, view });
    expect(screen.queryByRole('switch', { name: 'Live' })).toBeNull();
  });
});

describe('what another data source told', () => {
  const answered = (uid?: string, state = LoadingState.Done) => ({
    data: { state, series: [], request: { targets: [{ refId: 'A', datasource: uid && { uid } }] } },
  });

  it('is asked anew, once', () => {
    expect(setup({}, undefined, answered('other')).onRunQuery).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['its own answer', answered('nats')],
    ['an answer that is still to come', answered('other', LoadingState.Loading)],
    ['that of whichever a variable says', answered('${datasource}')],
    ['that of the panel’s', answered()],
    ['none', {}],
  ])('but not for %s', (_, place) => {
    expect(setup({}, undefined, place).onRunQuery).not.toHaveBeenCalled();
  });
});

describe('changing', () => {
  it('the view runs the query and says what is asked', async () => {
    const { seen, onRunQuery, user } = setup();
    await choose(user, 'View', /Logs/);
    expect(seen.query.view).toBe('logs');
    expect(onRunQuery).toHaveBeenCalledTimes(1);
    expect(screen.getByRole('status')).toHaveTextContent(
      'Closed connections as log lines, newest first, at most 1,000 lines.'
    );
  });

  it('the limit runs once it is finished', async () => {
    const { seen, onRunQuery, user } = setup();
    await user.type(screen.getByLabelText('Limit'), '25');
    expect(onRunQuery).not.toHaveBeenCalled();
    await user.tab();
    expect(seen.query.limit).toBe(25);
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });

  it('to something invalid shows the sentence and does not run', async () => {
    const { seen, onRunQuery, user } = setup();
    await user.type(screen.getByLabelText('Limit'), '-5{Enter}');
    expect(seen.query.limit).toBe(-5);
    expect(screen.getByRole('alert')).toHaveTextContent('The limit is a whole number from 1 to 100,000.');
    expect(screen.getByRole('status')).toHaveTextContent('Correct the marked field first.');
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(onRunQuery).not.toHaveBeenCalled();
  });

  it('nothing, ctrl-enter runs the query again', async () => {
    const { onRunQuery, user } = setup();
    await user.click(screen.getByLabelText('Limit'));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });
});

describe('what is shown', () => {
  it('is stored at once in an alert rule, where Grafana shows a default that it does not store', async () => {
    const { seen, onRunQuery } = setup({ view: 'totals' }, undefined, { app: CoreApp.UnifiedAlerting });
    expect(seen.query).toMatchObject({ queryType: 'stops', view: 'totals', metric: 'stops', groupBy: ['reason'] });
    expect(onRunQuery).not.toHaveBeenCalled();
  });

  it('is not stored again in a panel', () => {
    const { seen } = setup();
    expect(seen.query).not.toHaveProperty('metric');
  });

  it('is a question away: chips of the common ones, in the view of the panel', async () => {
    const { seen, onRunQuery, user } = setup({ refId: 'B' }, undefined, {
      data: { request: { panelPluginId: 'stat' } },
    });
    await user.click(screen.getByRole('button', { name: 'Slow consumers by app' }));
    expect(seen.query).toMatchObject({ refId: 'B', view: 'totals', groupBy: ['app', 'account'] });
    expect(onRunQuery).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole('group', { name: 'Common questions' })).not.toBeInTheDocument();
  });

  it('comes with a hint where the panel shows another view better', async () => {
    const { seen, user } = setup({}, undefined, { data: { request: { panelPluginId: 'table' } } });
    await user.click(screen.getByRole('button', { name: 'Use Table' }));
    expect(seen.query.view).toBe('table');
  });

  it('is JSON where no form could show it', () => {
    setup({ limit: '100' as never });
    expect(screen.getByLabelText('Query as JSON')).toHaveValue(
      JSON.stringify({ version: 1, queryType: 'stops', view: 'timeseries', limit: '100' }, null, 2)
    );
    expect(screen.getByRole('alert')).toHaveTextContent('limit must be a whole number.');
  });
});

describe('JSON', () => {
  it('is edited and comes back to the form', async () => {
    const { seen, onRunQuery, user } = setup({ limit: 7 });
    await user.click(screen.getByRole('radio', { name: 'JSON' }));
    const text = screen.getByLabelText('Query as JSON');
    await user.clear(text);
    await user.click(text);
    await user.paste('{"queryType": "servers", "view": "table"');
    await user.tab();
    expect(screen.getByRole('alert')).toHaveTextContent('This is not JSON');
    expect(seen.query.limit).toBe(7);
    await user.type(text, '}');
    await user.tab();
    expect(seen.query).toEqual({ refId: 'A', queryType: 'servers', view: 'table' });
    expect(onRunQuery).toHaveBeenCalledTimes(1);
    await user.click(screen.getByRole('radio', { name: 'Builder' }));
    expect(screen.getByRole('status')).toHaveTextContent('Servers, one row per server');
  });
});

test('the same question is copied for a command line', async () => {
  const { user } = setup({ view: 'table', filters: [{ key: 'account', operator: '=', values: ['A'] }] });
  await user.click(screen.getByRole('button', { name: 'Copy as' }));
  expect(await screen.findByText(/nats server report connections --state closed --filter/)).toBeInTheDocument();
  expect(screen.getByText(/curl -s .*connz.state=closed/)).toBeInTheDocument();
  expect(screen.getAllByRole('button', { name: /^Copy (nats|curl|JSON)/ })).toHaveLength(3);
});

describe('filters', () => {
  const filtered = { filters: [{ key: 'account' as const, operator: '=' as const, values: [] }] };

  it('without a value disturb nothing, and wait for it', async () => {
    const { seen, onRunQuery, user } = setup();
    await user.click(screen.getByRole('button', { name: 'Add filter' }));
    expect(seen.query.filters ?? []).toEqual([]);
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(screen.getByText('Not used until it has a value.')).toBeInTheDocument();
    expect(screen.getByRole('combobox', { name: 'Filter 1 value' })).toHaveFocus();
    expect(onRunQuery).not.toHaveBeenCalled();
  });

  it('stay where they are while their key is changed, and the query goes on without them', async () => {
    const { seen, user } = setup({ filters: [{ key: 'account', operator: '=', values: ['A'] }] });
    await choose(user, 'Filter 1 key', /^server/);
    expect(seen.query.filters).toEqual([]);
    expect(screen.getByRole('combobox', { name: 'Filter 1 key' })).toHaveValue('server');
    await waitFor(() => expect(screen.getByRole('combobox', { name: 'Filter 1 value' })).toHaveFocus());
  });

  it('never take a fragment that was typed: Enter takes what it found, once it is found', async () => {
    const { seen, user } = setup({ filters: [{ key: 'reason', operator: '=', values: [] }] });
    await user.type(screen.getByRole('combobox', { name: 'Filter 1 value' }), 'slow{Enter}');
    expect(seen.query.filters?.[0]?.values ?? []).toEqual([]);
    const options = await screen.findAllByRole('option', { name: /slow/i });
    expect(options.at(-1)).toHaveTextContent('Use as typed');
    await user.keyboard('{Enter}');
    expect(seen.query.filters?.[0].values).toEqual(['Slow Consumer (Pending Bytes)']);
  });

  it('question a value that nothing is called', () => {
    setup({ filters: [{ key: 'reason', operator: '=', values: ['slow'] }] });
    expect(screen.getByText(/No reason known here is called “slow”; did you mean “Slow Consumer/)).toBeInTheDocument();
  });

  it('suggest what the servers show, and the variables', async () => {
    const values = jest.fn().mockResolvedValue([{ text: 'ORDERS', value: 'ORDERS' }]);
    const { seen, onRunQuery, user } = setup(filtered, values);
    await user.click(screen.getByRole('combobox', { name: 'Filter 1 value' }));
    expect(await screen.findByRole('option', { name: /\$account/ })).toBeInTheDocument();
    await user.click(await screen.findByRole('option', { name: 'ORDERS' }));
    expect(values).toHaveBeenCalledWith('account', []);
    expect(seen.query.filters?.[0].values).toEqual(['ORDERS']);
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });

  it('take a value that nobody suggested', async () => {
    const { seen, user } = setup(filtered);
    await user.type(screen.getByRole('combobox', { name: 'Filter 1 value' }), 'NEW');
    await user.click(await screen.findByRole('option', { name: /NEW/ }));
    expect(seen.query.filters?.[0].values).toEqual(['NEW']);
  });

  it('say why the servers suggest nothing', async () => {
    const { user } = setup(filtered, jest.fn().mockRejectedValue(new Error('n1 did not answer in 10 s')));
    await user.click(screen.getByRole('combobox', { name: 'Filter 1 value' }));
    expect(await screen.findByText(/No suggestions from the servers: n1 did not answer in 10 s/)).toBeInTheDocument();
  });

  it('show the severity and the class of reasons', async () => {
    const { user } = setup({ filters: [{ key: 'reason', operator: '=', values: [] }] });
    await user.type(screen.getByRole('combobox', { name: 'Filter 1 value' }), 'Pending');
    const option = await screen.findByRole('option', { name: /Slow Consumer \(Pending Bytes\)/ });
    expect(within(option).getByText('critical, unexpected')).toBeInTheDocument();
  });

  it('keep their values when one becomes several', async () => {
    const { seen, user } = setup({ filters: [{ key: 'account', operator: '=', values: ['A'] }] });
    await choose(user, 'Filter 1 operator', /Is one of/);
    expect(seen.query.filters).toEqual([{ key: 'account', operator: '=|', values: ['A'] }]);
  });

  it('are removed', async () => {
    const { seen, onRunQuery, user } = setup(filtered);
    await user.click(screen.getByRole('button', { name: 'Remove filter 1' }));
    await waitFor(() => expect(seen.query.filters).toEqual([]));
    expect(onRunQuery).toHaveBeenCalledTimes(1);
    expect(screen.getByRole('button', { name: 'Add filter' })).toHaveFocus();
  });
});
