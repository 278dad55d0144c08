import React, { useState } from 'react';
import { type DataSourceSettings } from '@grafana/data';
import { cleanup, configure, render, screen, within } from '@testing-library/react';
import userEvent, { PointerEventsCheckLevel } from '@testing-library/user-event';
import { DEFAULT_APP_PATTERNS } from '../query/model.gen';
import { stubLayout } from '../testing/layout';
import { type NatsConnection, type NatsOptions, type NatsSecrets } from '../types';
import ConfigEditor from './ConfigEditor';

beforeAll(() => {
  stubLayout();
  // Nothing here is hidden, and finding that out takes jsdom long on a page of this size.
  configure({ defaultHidden: true });
});

type Settings = DataSourceSettings<NatsOptions, NatsSecrets>;

function setup(jsonData: NatsOptions = {}, part: Partial<Settings> = {}) {
  const seen = { options: { jsonData, secureJsonFields: {}, readOnly: false, ...part } as Settings };
  function Host() {
    const [options, setOptions] = useState(seen.options);
    seen.options = options;
    return <ConfigEditor options={options} onOptionsChange={setOptions} />;
  }
  render(<Host />);
  return { seen, user: userEvent.setup({ pointerEventsCheck: PointerEventsCheckLevel.Never }) };
}

/** What is stored: Grafana sends JSON, which has no undefined members. */
const stored = ({ options }: { options: Settings }) => JSON.parse(JSON.stringify(options.jsonData)) as NatsOptions;

// By label: with this many elements, asking for roles takes jsdom seconds.
const url = (label: string) => screen.getByLabelText(new RegExp(`^${label}`));

describe('URLs', () => {
  it('are written as they are typed, with the version of the settings', async () => {
    const { seen, user } = setup();
    await user.type(url('Monitoring URLs'), 'http://n1:8222');
    expect(seen.options.jsonData).toEqual({ version: 1, urls: ['http://n1:8222'] });
  });

  it('that are pasted together become one input each', async () => {
    const { seen, user } = setup({ urls: ['http://n1:8222'] });
    await user.click(url('Monitoring URLs'));
    await user.paste('http://n2:8222\nhttp://n3:8222, ftp://n4');
    expect(seen.options.jsonData.urls).toEqual(['http://n1:8222', 'http://n2:8222', 'http://n3:8222', 'ftp://n4']);
    expect(screen.getByText(/starts with http/)).toBeInTheDocument();
  });

  it('say what is wrong once they are left', async () => {
    const { user } = setup();
    await user.type(url('Monitoring URLs'), 'http://me:secret@n1:8222');
    expect(screen.queryByText(/user and password below/)).not.toBeInTheDocument();
    await user.tab();
    expect(screen.getByText(/user and password below/)).toBeInTheDocument();
  });

  it('are added and removed', async () => {
    const { seen, user } = setup({ urls: ['http://n1:8222', 'http://n2:8222'] });
    await user.click(screen.getByRole('button', { name: 'Remove URL 1' }));
    expect(seen.options.jsonData.urls).toEqual(['http://n2:8222']);
    await user.click(screen.getByRole('button', { name: 'Add URL' }));
    expect(seen.options.jsonData.urls).toEqual(['http://n2:8222', '']);
  });
});

const way = (name: string) => screen.getByLabelText(name, { selector: '[type=radio]' });

describe('the way to the servers', () => {
  it('is told by the settings, and shows only its own fields', () => {
    setup({ nats: { servers: ['nats://n1:4222'] } });
    expect(way('NATS system account')).toBeChecked();
    expect(screen.getByLabelText(/^NATS servers/)).toHaveValue('nats://n1:4222');
    expect(screen.queryByLabelText(/^Monitoring URLs/)).not.toBeInTheDocument();
    expect(screen.queryByText('Authentication')).not.toBeInTheDocument();
  });

  it('is changed, and back, without losing what was written', async () => {
    const { seen, user } = setup();
    await user.type(url('Monitoring URLs'), 'http://n1:8222');
    await user.click(way('NATS system account'));
    expect(stored(seen)).toEqual({ version: 1, nats: { servers: [], auth: 'credentials' } });
    await user.type(url('NATS servers'), 'nats://n1:4222');
    await user.click(way('System account and HTTP monitoring'));
    const nats = { servers: ['nats://n1:4222'], auth: 'credentials' };
    expect(stored(seen)).toEqual({ version: 1, urls: ['http://n1:8222'], nats });
    await user.click(way('NATS account'));
    expect(stored(seen)).toEqual({ version: 1, nats: { ...nats, scope: 'account' } });
  });

  it('is chosen by keyboard', async () => {
    const { seen, user } = setup({ urls: [] });
    way('HTTP monitoring').focus();
    await user.keyboard('{ArrowDown}');
    expect(way('NATS system account')).toBeChecked();
    expect(stored(seen)).toMatchObject({ nats: { servers: [] } });
  });

  it('decides who will see what', async () => {
    const { user } = setup();
    expect(screen.getByText(/connections of all accounts/)).toBeInTheDocument();
    await user.click(way('NATS account'));
    expect(screen.queryByText(/connections of all accounts/)).not.toBeInTheDocument();
    expect(screen.getByText(/own account, .* none of any other account/)).toBeInTheDocument();
  });
});

test('people are hidden by a switch', async () => {
  const { seen, user } = setup({ urls: ['http://n1:8222'] });
  await user.click(screen.getByLabelText(/^Hide user names and addresses/));
  expect(stored(seen)).toEqual({ version: 1, urls: ['http://n1:8222'], private: true });
  await user.click(screen.getByLabelText(/^Hide user names and addresses/));
  expect(stored(seen)).toEqual({ version: 1, urls: ['http://n1:8222'] });
});

describe('a login over NATS', () => {
  const nats = { servers: ['nats://n1:4222'] };

  it.each([
    ['credentials', 'Credentials'],
    ['nkey', 'Seed'],
    ['user', 'Password'],
    ['token', 'Token'],
  ] as const)('with %s asks for its own fields alone', (auth, label) => {
    setup({ nats: { ...nats, auth } });
    for (const other of ['Credentials', 'Seed', 'Password', 'Token']) {
      expect(screen.queryAllByLabelText(new RegExp(`^${other} \\*`))).toHaveLength(other === label ? 1 : 0);
    }
    expect(screen.queryAllByLabelText(/^User \*/)).toHaveLength(auth === 'user' ? 1 : 0);
  });

  it('is chosen and written', async () => {
    const { seen, user } = setup({ nats });
    await user.click(screen.getByLabelText(/^User and password/));
    await user.type(screen.getByLabelText(/^User \*/), 'grafana{Enter}');
    await user.type(screen.getByLabelText(/^Password \*/), 's3cret');
    expect(stored(seen)).toEqual({ version: 1, nats: { ...nats, auth: 'user', user: 'grafana' } });
    expect(seen.options.secureJsonData).toEqual({ natsPassword: 's3cret' });
  });

  it('that is stored is not shown, only replaced', async () => {
    const { seen, user } = setup({ nats: { ...nats, auth: 'token' } }, { secureJsonFields: { natsToken: true } });
    expect(screen.getByLabelText(/^Token \*/)).toHaveValue('configured');
    expect(screen.getByLabelText(/^Token \*/)).toBeDisabled();
    await user.click(screen.getByText('Reset'));
    await user.type(screen.getByLabelText(/^Token \*/), 'new');
    expect(seen.options.secureJsonData).toEqual({ natsToken: 'new' });
  });

  it('is not where a file lies', async () => {
    const { user } = setup({ nats: { ...nats, auth: 'credentials' } });
    await user.click(screen.getByLabelText(/^Credentials \*/));
    await user.paste('/etc/nats/grafana.creds');
    expect(screen.getByText(/Paste all that is in the file/)).toBeInTheDocument();
  });

  it('is secured, or shows at once how', async () => {
    const { seen, user } = setup({ nats: { ...nats, tlsServerName: 'nats.example.com' } });
    expect(screen.getByDisplayValue('nats.example.com')).toBeInTheDocument();
    await user.click(screen.getByLabelText(/Handshake first/));
    await user.click(screen.getByLabelText(/CA certificate/));
    await user.paste('-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----');
    expect(seen.options.jsonData.nats).toMatchObject({ tlsServerName: 'nats.example.com', tlsHandshakeFirst: true });
    expect(seen.options.secureJsonData?.natsTlsCaCert).toMatch(/MII/);
  });
});

describe('what tools wrote', () => {
  it('is shown as what it stands for, and stays until it is edited', async () => {
    const written = { urls: 'http://n1:8222,http://n2:8222', tlsSkipVerify: 'true', timeout: '5' };
    const { seen, user } = setup(written as object);
    expect(screen.getByLabelText(/^Monitoring URL 2/)).toHaveValue('http://n2:8222');
    await user.click(screen.getByLabelText(/every address/));
    expect(stored(seen)).toEqual({ version: 1, ...written, resolveAll: true });
    await user.click(screen.getByRole('button', { name: 'Remove URL 1' }));
    expect(stored(seen)).toMatchObject({ urls: ['http://n2:8222'], timeout: '5' });
  });

  it('beside jsonData is shown, too', () => {
    setup({}, { url: 'http://n1:8222' });
    expect(url('Monitoring URLs')).toHaveValue('http://n1:8222');
  });
});

describe('the way over NATS', () => {
  it('can be these servers alone, with an inbox of its own', async () => {
    const nats = { servers: ['wss://nats.example.com/nats'], auth: 'none' as const, ignoreDiscovered: true };
    const { seen, user } = setup({ nats });
    expect(screen.getByLabelText(/^Only these servers/)).toBeChecked();
    await user.type(screen.getByLabelText(/^Inbox prefix/), '_INBOX.>{Enter}');
    expect(screen.getByText(/without wildcards/)).toBeInTheDocument();
    await user.clear(screen.getByLabelText(/^Inbox prefix/));
    await user.type(screen.getByLabelText(/^Inbox prefix/), '_INBOX_grafana{Enter}');
    await user.click(screen.getByLabelText(/^Only these servers/));
    expect(stored(seen)).toEqual({
      version: 1,
      nats: { servers: nats.servers, auth: 'none', inboxPrefix: '_INBOX_grafana' },
    });
  });
});

describe('reading', () => {
  it('goes on in the background once it is switched on', async () => {
    const { seen, user } = setup();
    await user.click(screen.getByLabelText(/while nobody looks/));
    expect(stored(seen)).toEqual({ version: 1, backgroundSync: '30s' });
    const every = screen.getByLabelText(/^Read every/);
    await user.clear(every);
    await user.type(every, '2s{Enter}');
    expect(screen.getByText(/from 5s to 1h/)).toBeInTheDocument();
    await user.click(screen.getByLabelText(/while nobody looks/));
    expect(stored(seen)).toEqual({ version: 1 });
  });

  it('is shared for as long as is said', async () => {
    const { seen, user } = setup({ syncEvery: '7s' });
    const every = screen.getByLabelText(/^One read serves/);
    await user.clear(every);
    await user.tab();
    expect(stored(seen)).toEqual({ version: 1 });
    expect(every).toHaveAttribute('placeholder', '1s');
    await user.click(way('NATS account'));
    expect(every).toHaveAttribute('placeholder', '5s');
  });

  it('of one name asks all addresses, if it is wanted', async () => {
    const { seen, user } = setup({ urls: ['http://nats:8222'] });
    await user.click(screen.getByLabelText(/every address/));
    expect(stored(seen)).toEqual({ version: 1, urls: ['http://nats:8222'], resolveAll: true });
  });

  it('may take as long as is said', async () => {
    const { seen, user } = setup({ urls: [], timeout: 5 });
    await user.click(screen.getByLabelText('Expand section Additional settings'));
    const timeout = screen.getByLabelText(/^Timeout/);
    await user.clear(timeout);
    await user.type(timeout, '20{Enter}');
    expect(seen.options.jsonData.timeout).toBe(20);
    await user.clear(timeout);
    await user.tab();
    expect(stored(seen)).toEqual({ version: 1, urls: [] });
  });
});

describe('classes', () => {
  it('of a reason are turned around when it is added', async () => {
    const { seen, user } = setup();
    await user.click(screen.getByLabelText('Expand section Stop reasons'));
    await user.type(screen.getByRole('combobox', { name: /Reason to classify/ }), 'Pending Bytes');
    await user.click(await screen.findByRole('option', { name: /Slow Consumer \(Pending Bytes\)/ }));
    await user.click(screen.getByRole('button', { name: 'Add reason' }));
    expect(seen.options.jsonData.classOverrides).toEqual({ 'Slow Consumer (Pending Bytes)': 'planned' });
  });

  it('can be given to a reason that nobody knows yet', async () => {
    const { seen, user } = setup();
    await user.click(screen.getByLabelText('Expand section Stop reasons'));
    await user.type(screen.getByRole('combobox', { name: /Reason to classify/ }), 'Moon Phase');
    await user.click(await screen.findByRole('option', { name: /Moon Phase/ }));
    await user.click(screen.getByRole('button', { name: 'Add reason' }));
    expect(seen.options.jsonData.classOverrides).toEqual({ 'Moon Phase': 'planned' });
  });

  it('are changed and removed, and say what the default is', async () => {
    const { seen, user } = setup({ classOverrides: { 'Read Error': 'planned' } });
    const row = within(screen.getByRole('group', { name: 'Read Error' }));
    expect(row.getByText('by default unexpected')).toBeInTheDocument();
    await user.click(row.getByRole('radio', { name: 'Unexpected' }));
    expect(seen.options.jsonData.classOverrides).toEqual({ 'Read Error': 'unexpected' });
    await user.click(row.getByRole('button', { name: 'Remove the class of Read Error' }));
    expect(seen.options.jsonData.classOverrides).toEqual({});
  });
});

describe('app patterns', () => {
  it('are the defaults until one is changed, and can be tried', async () => {
    const { seen, user } = setup();
    await user.click(screen.getByLabelText('Expand section Apps'));
    expect(screen.getByText('App: billing-service')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Remove pattern 1' }));
    expect(seen.options.jsonData.appPatterns).toEqual(DEFAULT_APP_PATTERNS.slice(1));
    expect(screen.getByText('App: billing-service-pod-3a7f')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Back to the defaults' }));
    expect(seen.options.jsonData.appPatterns).toBeUndefined();
  });
});

describe('the page', () => {
  const OURS = [
    'Connection',
    'HTTP monitoring',
    'Reading',
    'History',
    'Links',
    'Stop reasons',
    'Apps',
    'Additional settings',
  ];
  const sections = () =>
    screen
      .getAllByRole('heading', { level: 3 })
      .flatMap(({ textContent }) => (OURS.includes(textContent ?? '') ? [textContent] : []));

  it('goes from what must be set to what few need, the default first', () => {
    setup();
    expect(sections()).toEqual(OURS);
    expect(document.querySelector('[type=radio]')).toBe(way('HTTP monitoring'));
    expect(way('HTTP monitoring')).toBeChecked();
  });

  it('opens what is set, and nothing else that few need', () => {
    const closed = () =>
      screen.queryAllByLabelText(/^Expand section (?!HTTP headers)/).map((button) => button.getAttribute('aria-label'));
    setup();
    expect(closed()).toEqual(
      ['History', 'Links', 'Stop reasons', 'Apps', 'Additional settings'].map((title) => `Expand section ${title}`)
    );
    cleanup();
    setup({
      keep: { age: '48h' },
      links: [{ title: 'x', url: '/a' }],
      classOverrides: { Kicked: 'unexpected' },
      appPatterns: [],
    });
    expect(closed()).toEqual(['Expand section Additional settings']);
  });
});

describe('authentication', () => {
  it("writes Grafana's own keys", async () => {
    const { seen, user } = setup();
    await user.click(screen.getByLabelText(/Skip TLS certificate validation/));
    await user.type(screen.getByLabelText(/TLS server name/), 'nats.example.com{Enter}');
    expect(seen.options.jsonData).toMatchObject({ tlsSkipVerify: true, serverName: 'nats.example.com' });
  });

  it('never shows a stored secret', () => {
    setup({}, { basicAuth: true, basicAuthUser: 'ops', secureJsonFields: { basicAuthPassword: true } });
    expect(screen.getByDisplayValue('ops')).toBeInTheDocument();
    expect(screen.getByDisplayValue('configured')).toBeDisabled();
  });
});

describe('history', () => {
  const toggle = (label: string) => screen.getByLabelText(new RegExp(`^${label}`));

  it('is off, and begins with a login of its own', async () => {
    const { seen, user } = setup({ urls: ['http://n1:8222'] });
    await user.click(screen.getByLabelText('Expand section History'));
    expect(screen.queryByLabelText(/^Stream/)).not.toBeInTheDocument();
    await user.click(toggle('Keep it in a JetStream stream, too'));
    expect(stored(seen)).toMatchObject({ history: { servers: [], auth: 'credentials' } });
    await user.type(screen.getByLabelText(/^NATS servers/), 'nats://n1:4222');
    await user.click(screen.getByLabelText(/^Token/, { selector: '[type=radio]' }));
    await user.type(screen.getByLabelText(/^Token \*/), 's3cret');
    expect(stored(seen)).toMatchObject({ history: { servers: ['nats://n1:4222'], auth: 'token' } });
    expect(seen.options.secureJsonData).toEqual({ historyToken: 's3cret' });
  });

  const history = { servers: ['nats://n1:4222'], auth: 'none' as const };

  it('stands beside a login over NATS without sharing it', async () => {
    const { seen, user } = setup({ nats: { servers: ['nats://sys:4222'], auth: 'token' }, history });
    const [system, stream] = screen.getAllByLabelText(/^User and password/);
    expect([system?.getAttribute('name'), stream?.getAttribute('name')]).toEqual(['nats-auth', 'history-auth']);
    await user.click(stream!);
    await user.type(screen.getByLabelText(/^User \*/), 'history{Enter}');
    expect(stored(seen)).toMatchObject({ nats: { auth: 'token' }, history: { auth: 'user', user: 'history' } });
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(ids.filter((id, i) => id.startsWith('nats-') && ids.indexOf(id) !== i)).toEqual([]);
  });

  it('names the stream, and says what cannot be one', async () => {
    const { seen, user } = setup({ history });
    await user.type(screen.getByLabelText(/^Stream/), 'a.b{Enter}');
    expect(screen.getByText(/Write the name of a stream/)).toBeInTheDocument();
    await user.clear(screen.getByLabelText(/^Stream/));
    await user.type(screen.getByLabelText(/^Stream/), '{Enter}');
    await user.type(screen.getByLabelText(/^Subjects begin with/), 'ops.conns{Enter}');
    expect(stored(seen)).toMatchObject({ history: { ...history, prefix: 'ops.conns' } });
    expect(stored(seen).history).not.toHaveProperty('stream');
  });

  it('that is read alone makes no stream', async () => {
    const { seen, user } = setup({ history });
    await user.click(toggle('Make the stream if it is not there'));
    await user.click(toggle('Keep user names and addresses out'));
    expect(stored(seen)).toMatchObject({ history: { ...history, create: true, private: true } });
    await user.click(toggle('Add what is read here'));
    expect(stored(seen).history).toEqual({ ...history, write: false });
    expect(screen.queryByLabelText(/^Make the stream/)).not.toBeInTheDocument();
    await user.click(toggle('Add what is read here'));
    expect(stored(seen).history).toEqual(history);
  });

  it('that is turned off leaves nothing, and comes back as it was', async () => {
    const { seen, user } = setup({ history });
    await user.click(toggle('Keep it in a JetStream stream, too'));
    expect(stored(seen)).toEqual({ version: 1 });
    await user.click(toggle('Keep it in a JetStream stream, too'));
    expect(stored(seen)).toEqual({ version: 1, history });
  });

  it('in memory is as long and as much as somebody says', async () => {
    const { seen, user } = setup({ keep: { age: '48h' } });
    await user.type(screen.getByLabelText(/^Records in memory/), '99{Enter}');
    expect(screen.getByText('Write a whole number from 10000 to 20000000.')).toBeInTheDocument();
    await user.clear(screen.getByLabelText(/^Keep in memory for/));
    await user.type(screen.getByLabelText(/^Keep in memory for/), '1m{Enter}');
    expect(screen.getByText('Write a duration from 1h to 744h, such as 24h.')).toBeInTheDocument();
    for (const label of [/^Keep in memory for/, /^Records in memory/]) {
      await user.clear(screen.getByLabelText(label));
      await user.tab();
    }
    expect(stored(seen)).toEqual({ version: 1 });
  });
});

/** Everything that can be written into or switched, save for the client name to try. */
const inputs = () => [...document.querySelectorAll('input, textarea')].filter(({ id }) => id !== 'nats-app-example');

test('a provisioned data source cannot be changed', () => {
  setup(
    { urls: ['http://n1:8222'], classOverrides: { Kicked: 'unexpected' }, appPatterns: ['-x$'] },
    { readOnly: true }
  );
  for (const input of inputs()) {
    expect(input).toBeDisabled();
  }
  for (const name of ['Add URL', 'Add pattern', 'Remove pattern 1', 'Add reason', 'Remove the class of Kicked']) {
    expect(screen.getByRole('button', { name })).toBeDisabled();
  }
});

test('a provisioned login over NATS cannot be changed', () => {
  const secureJsonFields = { natsPassword: true, natsTlsCaCert: true };
  const nats: NatsConnection = { servers: ['nats://n1:4222'], auth: 'user', user: 'grafana' };
  setup({ nats, backgroundSync: '30s' }, { readOnly: true, secureJsonFields });
  expect(screen.getByDisplayValue('nats://n1:4222')).toBeInTheDocument();
  for (const input of inputs()) {
    expect(input).toBeDisabled();
  }
  for (const button of [...screen.getAllByText('Reset'), screen.getByText('Add server')]) {
    expect(button.closest('button')).toBeDisabled();
  }
});

test('a provisioned history cannot be changed', () => {
  const history = {
    servers: ['nats://n1:4222'],
    auth: 'user' as const,
    user: 'grafana',
    stream: 'CONNECTIONS',
    create: true,
  };
  setup({ history, keep: { age: '48h' } }, { readOnly: true, secureJsonFields: { historyPassword: true } });
  expect(screen.getByDisplayValue('CONNECTIONS')).toBeInTheDocument();
  for (const input of inputs()) {
    expect(input).toBeDisabled();
  }
});
