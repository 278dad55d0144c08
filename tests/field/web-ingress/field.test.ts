import { freePorts } from '../../../lab/ports';
import { answering } from '../../harness/answers';
import { dataSource, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const source = (...urls: string[]) =>
  dataSource(
    { nats: { servers: urls, auth: 'user', user: 'grafana' } },
    { secureJsonData: { natsPassword: 's3cret' } }
  );

test.each(['', '/nats'])('over WebSockets at the path "%s"', async (at) => {
  const [port] = await freePorts(1);
  await servers.start({ server_name: 'n1', ...ACCOUNTS, websocket: { listen: `127.0.0.1:${port}`, no_tls: true } });
  expect(await answering(plugin(), source(`ws://127.0.0.1:${port}${at}`))).toBe('1 of 1');
});

test('addresses of both kinds exclude each other', async () => {
  const mixed = answering(plugin(), source('wss://nats.example.com', 'nats://n1:4222'));
  await expect(mixed).rejects.toThrow('use ws:// and wss:// for all or for none');
});
