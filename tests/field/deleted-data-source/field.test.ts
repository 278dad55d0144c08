import { type DataSource } from '../../../lab/host';
import { type NatsServer } from '../../../lab/nats-server';
import { visits } from '../../../lab/clients';
import { sleep } from '../../../lab/wait';
import { eventually } from '../../harness/eventually';
import { ask, dataSource, totals, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, useServers } from '../../harness/servers';

const plugin = usePlugin({ GF_PLUGIN_LEASE: '2s' });
const servers = useServers();

const VISITORS = {
  queryType: 'stops',
  view: 'totals',
  groupBy: [],
  filters: [{ key: 'account', operator: '=', values: ['APP'] }],
};

/** What the server says of who asks it: how often, and whether somebody of us is connected. */
async function asked(server: NatsServer): Promise<{ varz: number; connected: number }> {
  const { http_req_stats } = await server.ask<{ http_req_stats: Record<string, number> }>('/varz');
  const { connections } = await server.ask<{ connections: Array<{ name?: string }> }>('/connz');
  const ours = connections.filter(({ name }) => name === 'grafana-nats-connections');
  return { varz: http_req_stats['/varz'] ?? 0, connected: ours.length };
}

/** How many stops were counted for Prometheus, if there is a counter still. */
async function counted({ uid }: DataSource): Promise<number> {
  const lines = (await plugin().metrics()).split('\n');
  return lines
    .filter((line) => line.startsWith('nats_connections_stopped_total{') && line.includes(uid))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

test('reading and connections end when nobody asks, and begin again', async () => {
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS });
  const settings = {
    urls: [n1.monitor],
    nats: { servers: [n1.url], auth: 'user', user: 'grafana' },
    backgroundSync: '5s',
  };
  const source = dataSource(settings, { secureJsonData: { natsPassword: 's3cret' } });
  const known = async () => totals(await ask(plugin(), source, VISITORS))[''];
  expect(await known()).toBe(0);
  expect((await asked(n1)).connected).toBe(1);

  await eventually(async () => expect((await asked(n1)).connected).toBe(0));
  const stopped = await counted(source);
  const { varz } = await asked(n1);
  await visits(n1, 3);
  await sleep(6_000); // More than the background sync waits.
  expect(await asked(n1)).toEqual({ varz: varz + 1, connected: 0 }); // Our own look is one.
  expect(await counted(source)).toBe(stopped);

  await eventually(async () => expect(await known()).toBe(3));
  expect((await asked(n1)).connected).toBe(1);
});
