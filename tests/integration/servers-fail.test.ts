import { type NatsServer } from '../../lab/nats-server';
import { eventually } from '../harness/eventually';
import { usePlugin } from '../harness/plugin';
import { ACCOUNTS, ringOf, useServers } from '../harness/servers';
import { claimsOf, omissions } from './claims';
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
  const all = (omitted: string) => agree(plugin(), ways, truth, omitted);
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

  // A draining server sends them away within a second each, however long its lame duck mode may last, and then ends.
  const gone = await truth.hold(n3, 200, 'Server Shutdown');
  n3.enterLameDuck();
  // Clients go all the time, so that two questions see different numbers until it has ended.
  const draining = (way: keyof Ways, wanted: { omits: string; drains?: true }) =>
    eventually(async () => {
      const claims = await claimsOf(plugin(), ways[way]);
      const drains = (claims.counted['reason=Server Shutdown,server=n3'] ?? 0) > 0;
      expect({ way, omits: omissions(claims), drains }).toMatchObject({ way, ...wanted });
    });
  await draining('NATS', { omits: 'n1 restarted, n2 lost 150, n3 silent' });
  await draining('HTTP', { omits: 'n1 restarted, n2 lost 150', drains: true });
  await draining('both', { omits: 'n1 restarted, n2 lost 150', drains: true });
  await n3.kill(); // Who is still there goes with it.
  await gone();
  await all('n1 restarted, n2 lost 150, n3 silent');
  await n3.start();
  await truth.happen(3, ...cluster);
  await all('n1 restarted, n2 lost 150, n3 restarted');
}, 300_000);
