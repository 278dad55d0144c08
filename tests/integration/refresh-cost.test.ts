/** What a dashboard costs the servers, by their own count. */
import { type DataSource } from '../../lab/host';
import { type NatsServer } from '../../lab/nats-server';
import { sleep } from '../../lab/wait';
import { visits } from '../../lab/clients';
import { eventually } from '../harness/eventually';
import { HOUR, ask, last, totals, usePlugin } from '../harness/plugin';
import { ACCOUNTS, FULL_RING, overHTTP, overNATS, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

/** The time between two refreshes, and how long a read serves. */
const BETWEEN_MS = 2_000;
/** What stopped so shortly before a read is looked for again, since its record may be written late. */
const LATE_MS = 6_000;
/** How often every ring has its safety read (decision D3). */
const SAFETY_MS = 10_000;

interface Cost {
  small: number;
  rings: number;
}

/** What twelve panels ask about stops. A table by app or name reads the open connections as well, to tell who is back. */
const PANELS = ['totals', 'table', 'timeseries'].flatMap((view) =>
  [[], ['reason'], ['account', 'server'], ['reason', view === 'table' ? 'user' : 'app']].map((groupBy) => ({
    queryType: 'stops',
    view,
    groupBy,
  }))
);

async function refresh(source: DataSource): Promise<void> {
  const asked = PANELS.map((query) => plugin().query(source, last(HOUR), [{ version: 1, ...query }]));
  for (const { A: result } of await Promise.all(asked)) {
    expect(result?.error).toBeUndefined();
  }
}

/** Refreshes until every ring has had its safety read, which is all that may be read of it. */
async function refreshInPeace(source: DataSource, want: Cost, measure: () => Promise<Cost>): Promise<void> {
  // The second read follows the first one's findings, so that the third finds peace.
  for (let i = 0; i < 2; i++) {
    await eventually(async () =>
      expect(totals(await ask(plugin(), source, { queryType: 'stops', view: 'totals', groupBy: [] }))).toEqual({
        '': want.rings * FULL_RING,
      })
    );
    await sleep(BETWEEN_MS);
  }
  const started = Date.now();
  let [rings, quiet] = [0, 0];
  for (let refreshes = 0; refreshes < 10 && (rings < want.rings || quiet === 0); refreshes++) {
    const cost = await measure();
    expect(cost.small).toBe(want.small);
    quiet += cost.rings === 0 ? 1 : 0;
    rings += cost.rings;
    await sleep(BETWEEN_MS);
  }
  expect(quiet).toBeGreaterThan(0);
  expect(rings).toBeGreaterThanOrEqual(want.rings);
  expect(rings).toBeLessThanOrEqual(want.rings * (1 + Math.floor((Date.now() - started) / SAFETY_MS)));
}

async function overMonitoring(source: DataSource, cluster: NatsServer[]): Promise<Cost> {
  const counts = () =>
    Promise.all(
      cluster.map(async (server) => {
        const { http_req_stats } = await server.ask<{ http_req_stats: Record<string, number> }>('/varz');
        return { varz: http_req_stats['/varz'] ?? 0, connz: http_req_stats['/connz'] ?? 0 };
      })
    );
  const before = await counts();
  await refresh(source);
  const cost: Cost = { small: 0, rings: 0 };
  for (const [i, after] of (await counts()).entries()) {
    // The first of the two readings of the counters is in the second.
    cost.small += after.varz - (before[i]?.varz ?? 0) - 1;
    cost.rings += after.connz - (before[i]?.connz ?? 0);
  }
  return cost;
}

/** How many messages our connection has sent, once the count stands still: it is written a moment later. */
async function sentTo(server: NatsServer): Promise<number> {
  let before = -1;
  return eventually(async () => {
    const { connections } = await server.ask<{ connections: Array<{ name?: string; in_msgs: number }> }>('/connz');
    const now = connections.find(({ name }) => name === 'grafana-nats-connections')?.in_msgs ?? -1;
    const stands = now >= 0 && now === before;
    before = now;
    expect(stands).toBe(true);
    return now;
  });
}

async function overSystem(source: DataSource, server: NatsServer): Promise<Cost> {
  const before = await sentTo(server);
  await refresh(source);
  const sent = (await sentTo(server)) - before;
  return { small: Math.min(sent, 1), rings: sent - 1 };
}

test('twelve panels about three full rings cost three small requests, over NATS one', async () => {
  const cluster = await servers.cluster(['n1', 'n2', 'n3'], ACCOUNTS);
  const [n1] = cluster as [NatsServer];
  for (const server of cluster) {
    await visits(server, FULL_RING);
  }
  await sleep(LATE_MS);
  const every = { syncEvery: `${BETWEEN_MS / 1_000}s`, timeout: 30 };
  const http = overHTTP(cluster, every);
  await refreshInPeace(http, { small: 3, rings: 3 }, () => overMonitoring(http, cluster));
  const nats = overNATS([n1], {}, every);
  await refreshInPeace(nats, { small: 1, rings: 3 }, () => overSystem(nats, n1));
}, 240_000);
