/**
 * Everything at once for as long as one likes: clients that come and go at three real servers, two Grafanas with one
 * history, dashboards, rules and a live tail. `npm run soak -- 1h`; shorter in `npm test`. With SOAK_TELLS=1 it tells
 * what each minute took.
 */
import { type NatsConnection, connect } from '@nats-io/transport-node';

import { type DataSource, Host, type Query } from '../../lab/host';
import { Passers } from '../../lab/passers';
import { sleep } from '../../lab/wait';
import { eventually } from '../harness/eventually';
import { recordsIn, stateOf } from '../harness/jetstream';
import { Reader, startLive } from '../harness/live';
import { ALERT, ask, dataSource, notices, totals } from '../harness/plugin';
import { useServers } from '../harness/servers';

const servers = useServers();

const SECONDS = Number(process.env.SOAK_SECONDS ?? 10);
const PER_SECOND = Number(process.env.SOAK_PER_SECOND ?? 100);
const ROUND_MS = Math.min(60_000, (SECONDS * 1_000) / 2);
/** Nothing stops so long between rounds, so that servers' times and ours tell the same ones. */
const PAUSE_MS = 2_000;
const PATIENCE_MS = 60_000;
const REFRESH_MS = 5_000;
const RULES_MS = 10_000;

const COUNTS = { queryType: 'stops', view: 'totals', groupBy: ['server'] };
const PANELS = [
  ...['totals', 'table', 'timeseries'].flatMap((view) =>
    [['reason'], ['server', 'account'], ['app']].map((groupBy) => ({ queryType: 'stops', view, groupBy }))
  ),
  { queryType: 'stops', view: 'records', limit: 100 },
  { queryType: 'servers', view: 'table' },
  { queryType: 'findings', view: 'table' },
];
const RULES = [
  ...[['reason'], ['app'], ['server']].map((groupBy) => ({ queryType: 'stops', view: 'totals', groupBy })),
  { queryType: 'servers', view: 'totals', metric: 'answered', groupBy: ['server'] },
  { queryType: 'findings', view: 'totals' },
];

/** One client in so many is of the app that is watched live. */
const WATCHED = 20;
const nameOf = (number: number) => (number % WATCHED === 0 ? 'watched' : `app-${number % 30}-pod-${number % 900}`);
const TAIL = {
  queryType: 'stops',
  view: 'records',
  live: true,
  limit: 100_000,
  filters: [{ key: 'name', operator: '=', values: ['watched'] }],
};

/** Asks again and again until it is told to stop; none of it may fail. */
function every(ms: number, look: () => Promise<unknown>): () => Promise<void> {
  let over = false;
  const looking = (async () => {
    for (; !over; await sleep(ms)) {
      await look();
    }
  })();
  // Told once it is stopped.
  looking.catch(() => undefined);
  return () => {
    over = true;
    return looking;
  };
}

async function answered(host: Host, source: DataSource, queries: Query[], headers = {}): Promise<void> {
  const answers = await Promise.all(queries.map((query) => ask(host, source, query, { headers })));
  expect(answers.map(({ error }) => error).filter(Boolean)).toEqual([]);
}

/** As Grafana evaluates rules: what failed is tried again a second later, three times in all (`max_attempts`). */
async function evaluated(host: Host, source: DataSource): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await answered(host, source, RULES, ALERT);
    } catch (error) {
      if (attempt === 3) {
        throw error;
      }
      await sleep(1_000);
    }
  }
}

/** What a plugin's process takes. */
async function takes(host: Host) {
  const metrics = await host.metrics();
  const of = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)?.[1]);
  const megabytes = (name: string) => Math.round(of(name) / 1e6);
  return {
    rss: megabytes('process_resident_memory_bytes'),
    heap: megabytes('go_memstats_heap_inuse_bytes'),
    goroutines: of('go_goroutines'),
  };
}

const say = (what: object) =>
  process.env.SOAK_TELLS && process.stderr.write(`${JSON.stringify({ at: new Date(), ...what })}\n`);

const sum = (numbers: Record<string, unknown>) => Object.values(numbers).reduce((a: number, b) => a + Number(b), 0);

test(
  'two Grafanas with one history and a live tail miss nothing and double nothing',
  async () => {
    const read = await servers.cluster(['n1', 'n2', 'n3'], () => ({ jetstream: {} }));
    const history = { servers: read.map(({ url }) => url), create: true };
    const source = dataSource({ urls: read.map(({ monitor }) => monitor), syncEvery: '1s', history });
    const hosts = await Promise.all([0, 1].map(() => Host.start(process.env.PLUGIN_BINARY ?? '')));
    const nats = await connect({ servers: history.servers });
    try {
      await eventually(
        async () => expect(notices(await ask(hosts[0]!, source, COUNTS))).not.toMatch(/history/),
        PATIENCE_MS
      );
      await soak(read, source, hosts, nats);
    } finally {
      await Promise.all(hosts.map((host) => host.close()));
      await nats.close();
    }
  },
  SECONDS * 2_000 + 300_000
);

async function soak(
  read: Awaited<ReturnType<typeof servers.cluster>>,
  source: DataSource,
  hosts: Host[],
  nats: NatsConnection
): Promise<void> {
  const stopAsking = hosts.flatMap((host) => [
    every(REFRESH_MS, () => answered(host, source, PANELS)),
    every(RULES_MS, () => evaluated(host, source)),
  ]);
  const left = new Map<string, number>();
  const began = await Promise.all(hosts.map(takes));
  const tail = await startLive(hosts[0]!, source, TAIL);
  const stream = hosts[0]!.stream(source, tail.path, tail.question);
  const reader = new Reader();
  const shown = new Set(tail.ids);
  for (const end = Date.now() + SECONDS * 1_000; Date.now() < end;) {
    const from = Date.now();
    await sleep(PAUSE_MS);
    const passers = new Passers(read, PER_SECOND, nameOf);
    passers.start();
    await sleep(ROUND_MS);
    await passers.stop();
    passers.ids().forEach((id) => left.set(id.replace('/', ' '), 1));
    await sleep(PAUSE_MS);
    const range = { from, to: Date.now() };
    await eventually(async () => {
      for (const host of hosts) {
        expect(sum(totals(await ask(host, source, COUNTS, { range })))).toBe(passers.left.size);
      }
    }, PATIENCE_MS);
    await eventually(async () => {
      reader.ids(stream.came.splice(0)).forEach((id) => shown.add(id));
      expect(passers.ids('watched').filter((id) => !shown.has(id))).toEqual([]);
    }, PATIENCE_MS);
    const { messages, bytes } = await stateOf(nats);
    const perSecond = Math.round(passers.left.size / (ROUND_MS / 1_000));
    const took = await Promise.all(hosts.map(takes));
    say({ stops: left.size, perSecond, watched: shown.size, messages, bytes, hosts: took });
  }
  await Promise.all([...stopAsking.map((stop) => stop()), stream.stop()]);
  await eventually(async () => {
    await Promise.all(hosts.map((host) => ask(host, source, COUNTS)));
    const written = await recordsIn(nats);
    expect([...written].filter(([, times]) => times > 1)).toEqual([]);
    expect([...left.keys()].filter((id) => !written.has(id))).toEqual([]);
    say({ stops: left.size, written: written.size });
  }, PATIENCE_MS);
  const ended = await Promise.all(hosts.map(takes));
  ended.forEach(({ goroutines }, i) => expect(goroutines).toBeLessThan((began[i]?.goroutines ?? 0) + 100));
}
