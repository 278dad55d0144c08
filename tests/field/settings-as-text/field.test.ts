import { answering } from '../../harness/answers';
import { dataSource, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

test('URLs of two servers in one text, as a variable gives them', async () => {
  const [n1, n2] = await servers.cluster(['n1', 'n2']);
  const urls = [n1?.monitor, n2?.monitor];
  for (const written of [urls.join(','), urls.join(' '), `${urls.join('\n')}\n`, [urls.join(', ')]]) {
    expect(await answering(plugin(), dataSource({ urls: written }))).toBe('2 of 2');
  }
});

test('servers of NATS in one text', async () => {
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS });
  const nats = { servers: `nats://127.0.0.1:1, ${n1.url}`, auth: 'user', user: 'grafana', tlsHandshakeFirst: 'false' };
  expect(await answering(plugin(), dataSource({ nats }, { secureJsonData: { natsPassword: 's3cret' } }))).toBe(
    '1 of 1'
  );
});

test.each([
  ['a number', { timeout: '5' }],
  ['a version', { version: '1' }],
  ['a boolean', { tlsSkipVerify: 'true', resolveAll: 'True' }],
  ['nothing for a duration', { backgroundSync: '', syncEvery: '' }],
  ['nothing for a number', { timeout: '', version: '' }],
  ['nothing for a text', { serverName: '', httpHeaderName1: '' }],
  ['nothing for an object', { nats: '', classOverrides: '' }],
])('%s as text', async (_, written) => {
  const n1 = await servers.start();
  expect(await answering(plugin(), dataSource({ urls: [n1.monitor], ...written }))).toBe('1 of 1');
});

test.each([[{ auth: '' }], [{ auth: 'none', user: '', tlsHandshakeFirst: '' }]])(
  'nothing for how to log in: %j',
  async (written) => {
    const n1 = await servers.start({ server_name: 'n1' });
    const source = dataSource({ urls: [n1.monitor], nats: { servers: '', ...written } });
    expect(await answering(plugin(), source)).toBe('1 of 1');
  }
);

test.each([
  ['scope', { scope: '', auth: 'user', user: 'grafana' }],
  ['inbox', { inboxPrefix: '', auth: 'user', user: 'grafana' }],
])('nothing for %s over NATS', async (_, written) => {
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS });
  const source = dataSource(
    { nats: { servers: [n1.url], ...written } },
    { secureJsonData: { natsPassword: 's3cret' } }
  );
  expect(await answering(plugin(), source)).toBe('1 of 1');
});
