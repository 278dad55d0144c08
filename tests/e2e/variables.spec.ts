import { expect, test } from '@grafana/plugin-e2e';
import { adHoc, panel, queriesOf, store, variable } from './dashboards';

const totals = (operator: string, value: string) => ({
  queryType: 'stops',
  view: 'totals',
  groupBy: ['account'],
  filters: [{ key: 'account', operator, values: [value] }],
});
const chosen = (...values: string[]) => variable('account', { current: { text: values, value: values } });

test('every spelling of a variable sends its values', async ({ page }) => {
  const formats = ['csv', 'pipe', 'json', 'raw', 'text', 'queryparam', 'doublequote', 'regex'].map(
    (one) => `\${account:${one}}`
  );
  const spellings = ['$account', '[[account]]', '[[account:csv]]', ...formats];
  const panels = spellings.map((spelling, index) => panel(index + 1, totals('=', spelling)));
  const sent = queriesOf(page);
  await page.setViewportSize({ width: 1280, height: 2400 });
  await page.goto(await store(page, 'spellings', panels, [chosen('orders', '(not logged in)')]));
  await expect.poll(() => sent.filter(({ queryType }) => queryType === 'stops').length).toBe(spellings.length);
  for (const { filters } of sent.filter(({ queryType }) => queryType === 'stops')) {
    expect(filters).toEqual([{ key: 'account', operator: '=|', values: ['orders', '(not logged in)'] }]);
  }
});

test('a repeated panel sends its own value', async ({ page }) => {
  const repeated = { ...panel(1, totals('=', '${account:csv}')), repeat: 'account', repeatDirection: 'h' };
  const sent = queriesOf(page);
  await page.goto(await store(page, 'repeated', [repeated], [chosen('orders', '(not logged in)')]));
  const filters = () =>
    sent.filter(({ view }) => view === 'totals').map(({ filters: sentFilters }) => sentFilters?.[0].values);
  await expect.poll(filters).toEqual(expect.arrayContaining([['orders'], ['(not logged in)']]));
});

test('All without options, and a custom All, leave the filter out', async ({ page }) => {
  const nothing = { key: 'app', operator: '=', values: ['nobody is called this'] };
  const query = { refId: 'v', version: 1, queryType: 'values', key: 'account', filters: [nothing] };
  const all = { current: { text: ['All'], value: ['$__all'] } };
  const none = variable('account', { query, ...all });
  const any = variable('server', { ...all, allValue: '.*' });
  const operators = ['=', '!=', '=|', '!=|', '=~', '!~'];
  const of = (key: string) => (operator: string) => ({
    ...totals(operator, ''),
    filters: [{ key, operator, values: [`$${key}`] }],
  });
  const queries = [...operators.map(of('account')), ...operators.map(of('server'))];
  const sent = queriesOf(page);
  await page.setViewportSize({ width: 1280, height: 2800 });
  const panels = queries.map((one, index) => panel(index + 1, one));
  await page.goto(await store(page, 'all', panels, [none, any]));
  await expect.poll(() => sent.filter(({ queryType }) => queryType === 'stops').length).toBe(panels.length);
  expect(sent.filter(({ queryType }) => queryType === 'stops').map(({ filters }) => filters)).toEqual(
    panels.map(() => [])
  );
});

test('Grafana’s interval is never too short, however it is spelled', async ({ page }) => {
  const spellings = ['$__interval', '${__interval}', '$__interval_ms', '$__rate_interval'];
  const panels = spellings.map((interval, index) =>
    panel(index + 1, { queryType: 'stops', view: 'timeseries', interval }, 'timeseries')
  );
  const sent = queriesOf(page);
  const answers: number[] = [];
  page.on('response', (response) => response.url().includes('/api/ds/query') && answers.push(response.status()));
  await page.setViewportSize({ width: 1280, height: 1400 });
  await page.goto(`${await store(page, 'intervals', panels)}?from=now-5m&to=now`);
  await expect.poll(() => answers.length).toBe(spellings.length);
  expect(answers).toEqual(spellings.map(() => 200));
  expect(sent.map(({ interval }) => interval)).toEqual(spellings.map(() => 'auto'));
});

for (const [filter, sentence] of [
  [{ key: 'account', operator: '<', value: 'B' }, /The dashboard's filter account < B cannot be used: "<" is unknown/],
  [
    { key: 'namespace', operator: '=', value: 'x' },
    /The dashboard's filter namespace = x cannot be used: stops cannot be/,
  ],
] as const) {
  test(`the dashboard’s filter ${filter.key} ${filter.operator} ${filter.value} is named as the dashboard’s`, async ({
    page,
  }) => {
    const query = { queryType: 'stops', view: 'totals', groupBy: ['account'] };
    await page.goto(await store(page, 'ad-hoc', [panel(1, query)], [adHoc(filter)]));
    await page.getByTestId('data-testid Panel status error').hover();
    await expect(page.getByText(sentence).first()).toBeVisible();
  });
}

test('a stored query that is wrong says so on its panel', async ({ page }) => {
  const query = { queryType: 'stops', view: 'table', limit: '100' };
  await page.goto(await store(page, 'limit', [panel(1, query)]));
  await page.getByTestId('data-testid Panel status error').hover();
  await expect(page.getByText(/limit: is a string; it must be a whole number/).first()).toBeVisible();
});
