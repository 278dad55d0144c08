import { answering } from '../../harness/answers';
import { dataSource, usePlugin } from '../../harness/plugin';
import { useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

test('the address stands where other data sources have theirs', async () => {
  const { monitor: url } = await servers.start();
  expect(await answering(plugin(), dataSource({}, { url }))).toBe('1 of 1');
  expect(await answering(plugin(), dataSource({ urls: [] }, { url }))).toBe('1 of 1');
  expect(await answering(plugin(), dataSource({ url }))).toBe('1 of 1');
  expect(await answering(plugin(), dataSource({ urls: [url] }, { url: 'http://127.0.0.1:1' }))).toBe('1 of 1');
});

test.each([
  [{ background_sync: '30s' }, {}, 'background_sync is not known; backgroundSync?'],
  [{ resolveall: true }, {}, 'resolveall is not known; resolveAll?'],
  [{ sync_every: '0s' }, {}, 'sync_every is not known; syncEvery?'],
  [{ nats: { server: 'nats://127.0.0.1:1', auth: 'none' } }, {}, 'nats.server is not known; nats.servers?'],
  [{ classOverrides: { 'Client closed': 'unexpected' } }, {}, 'Client closed is not known; Client Closed?'],
  [{}, { natsTlsCACert: 'x' }, 'natsTlsCACert is not known; natsTlsCaCert?'],
  [{ natsPassword: 'x' }, {}, 'natsPassword is a secret and belongs into secureJsonData'],
])('"Save & test" names %j %j', async (written, secureJsonData, sentence) => {
  const n1 = await servers.start();
  const { status, message } = await plugin().health(dataSource({ urls: [n1.monitor], ...written }, { secureJsonData }));
  expect([status, message]).toEqual(['OK', expect.stringContaining('1 of 1 server answered')]);
  expect(message).toContain(sentence);
});

test('a misspelt list of servers is named where no server is left', async () => {
  const { status, message } = await plugin().health(dataSource({ nats: { server: 'nats://n1' } }));
  expect([status, message]).toEqual(['ERROR', expect.stringContaining('nats.server is not known; nats.servers?')]);
});
