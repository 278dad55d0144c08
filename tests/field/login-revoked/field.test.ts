import { freePorts } from '../../../lab/ports';
import { answering } from '../../harness/answers';
import { eventually } from '../../harness/eventually';
import { ask, notices, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, overNATS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const QUERIES = 200;

interface Closed {
  connections: Array<{ name?: string; reason: string }>;
}

test('we do not knock again and again, and say why', async () => {
  const [port, http] = await freePorts(2);
  const at = { port, http: `127.0.0.1:${http}` };
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS, ...at });
  const source = overNATS([n1]);
  expect(await answering(plugin(), source)).toBe('1 of 1');

  await n1.stop();
  const SYS = { users: [{ user: 'grafana', password: 'other' }] };
  const after = await servers.start({
    server_name: 'n1',
    ...ACCOUNTS,
    accounts: { ...(ACCOUNTS.accounts as object), SYS },
    ...at,
  });
  const refused = async () => {
    const answer = await ask(plugin(), source, { queryType: 'stops', view: 'totals' });
    expect(answer.error ?? notices(answer)).toContain('NATS refused these credentials');
  };
  await eventually(refused);
  for (let i = 0; i < QUERIES; i++) {
    await refused();
  }
  expect((await plugin().health(source)).message).toContain('NATS refused these credentials');

  const { connections } = await after.ask<Closed>('/connz?state=closed');
  const own = connections.filter(({ name }) => name === 'grafana-nats-connections');
  expect(own.length).toBeGreaterThan(0);
  expect(own.length).toBeLessThanOrEqual(4);
});
