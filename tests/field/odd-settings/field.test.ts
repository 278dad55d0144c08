import { answering } from '../../harness/answers';
import { dataSource, usePlugin } from '../../harness/plugin';
import { useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

test.each([
  { enableSecureSocksProxy: false, secureSocksProxyUsername: 7 },
  { sigV4Auth: true, sigV4Region: ['eu'], sigV4AuthType: 1 },
  { access: 1 },
  { httpMaxConnsPerHost: '3', dialTimeout: '' },
])('%j does no harm', async (odd) => {
  const n1 = await servers.start();
  expect(await answering(plugin(), dataSource({ urls: [n1.monitor], ...odd }))).toBe('1 of 1');
});

test.each([
  [{ secureSocksProxyUsername: ['x'] }, 'secureSocksProxyUsername must be a text'],
  [{ serverName: { of: 'n1' } }, 'serverName must be a text'],
  [{ httpHeaderName1: ['X'] }, 'httpHeaderName1 must be a text'],
  [{ dialTimeout: 'soon' }, 'dialTimeout must be a number'],
  [{ nats: [] }, 'nats must be an object'],
])('%j is refused with a sentence', async (odd, sentence) => {
  await expect(answering(plugin(), dataSource({ urls: ['http://127.0.0.1:1'], ...odd }))).rejects.toThrow(sentence);
});
