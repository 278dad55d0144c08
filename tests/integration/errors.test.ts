import { ask, dataSource, usePlugin } from '../harness/plugin';
import { overHTTP, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const BY_REASON = { queryType: 'stops', view: 'totals', groupBy: ['reason'] };

test('without a server a query says what to add', async () => {
  const { status, error } = await ask(plugin(), dataSource({ urls: [] }), BY_REASON);
  expect(status).toBe(400);
  expect(error).toContain('add a monitoring URL, or a NATS server with a login,');
});

test('bad settings are told where they show', async () => {
  const source = dataSource({ urls: ['ftp://n1'] });
  const health = plugin()
    .health(source)
    .then(({ message }) => message, String);
  expect(await health).toContain('urls[0]');
  expect((await ask(plugin(), source, BY_REASON)).error).toContain('urls[0]');
});

test('a bad query names its field', async () => {
  const source = overHTTP([await servers.start()]);
  const { status, error } = await ask(plugin(), source, { queryType: 'stops', groupBy: ['colour'] });
  expect(status).toBe(400);
  expect(error).toContain('groupBy[0]: stops cannot be grouped by "colour"');
});
