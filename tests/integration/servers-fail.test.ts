import { type NatsServer } from '../../lab/nats-server';
import { eventually } from '../harness/eventually';
import { usePlugin } from '../harness/plugin';
import { ACCOUNTS, ringOf, useServers } from '../harness/servers';
import { Truth } from './truth';
import { type Ways, agree, waysTo } from './ways';

const plugin = usePlugin();
const servers = useServers();

const { ring, config: limit } = ringOf(200);
const OWN: Record<string, object> = {
  n2: limit,
  n3: { lame_duck_duration: '2m', lame_duck_grace_period: '1s' },
};

test('a ring overflows, a server is killed, another drained: what is unknown is told, over HTTP, NATS and both', async () => {
  const cluster = await servers.cluster(['n1', 'n2', 'n3'], (name) => ({
    ...ACCOUNTS,
    authorization: { timeout: 30 },
    ...OWN[name],
  }));
  const [n1, n2, n3] = cluster as [NatsServer, NatsServer, NatsServer];
  const truth = new Truth();
  const ways = await waysTo(cluster);
  const all = (omissions: string) => agree(plugin(), ways, truth, omissions);
  const over = (way: keyof Ways, omissions: string) => agree(plugin(), { [way]: ways[way] }, truth, omissions);
  await truth.happen(3, ...cluster);
  await all('');

  await truth.flood(n2, ring + 150);
  await all('n2 lost 150');

  await truth.happen(2, n1); // Nobody reads these.
  await n1.kill();
  await truth.happen(2, n2, n3);
  await all('n1 silent, n2 lost 150');
  await n1.start();
  await truth.happen(3, ...cluster);
  await all('n1 restarted, n2 lost 150');

  const gone = await truth.hold(n3, 40, 'Server Shutdown');
  n3.enterLameDuck();
  await over('NATS', 'n1 restarted, n2 lost 150, n3 silent');
  for (const way of ['HTTP', 'both'] as const) {
    await eventually(async () => {
      const claims = (await over(way, 'n1 restarted, n2 lost 150'))[way];
      expect(claims?.counted['reason=Server Shutdown,server=n3']).toBeGreaterThan(0);
    });
  }
  await n3.kill(); // Who is still there goes with it.
  await gone();
  await all('n1 restarted, n2 lost 150, n3 silent');
  await n3.start();
  await truth.happen(3, ...cluster);
  await all('n1 restarted, n2 lost 150, n3 restarted');
}, 300_000);
