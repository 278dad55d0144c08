import { closedBy, visit } from '../../lab/clients';
import { dataSource, usePlugin } from '../harness/plugin';
import { RELEASE, overHTTP, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

test('"Save & test" tells what it found', async () => {
  const n1 = await servers.start({ server_name: 'n1' });
  await visit(n1, { name: 'web-0' });
  await closedBy(n1, 1);
  const { status, message, details } = await plugin().health(overHTTP([n1]));
  expect(status).toBe('OK');
  expect(message).toContain(
    `1 of 1 server answered (NATS ${RELEASE}): 0 open and 1 closed connections, the oldest record from `
  );
  expect(details).toContain('is n1 (NATS');
});

test('"Save & test" without a server says what to add', async () => {
  const { status, message } = await plugin().health(dataSource({ urls: [] }));
  expect(status).toBe('ERROR');
  expect(message).toContain('add a monitoring URL, or a NATS server with a login,');
});
