/**
 * Servers that churn while dashboards refresh and rules evaluate: whatever happens, every stop is shown, or told to be
 * missing. For as long as one likes: CHURN_SECONDS=3600, and CHURN_SEED repeats what a run drew. CHURN_MOST=40 is about
 * three times as many stops, CHURN_RING=10000 makes rings as long as those of servers, and CHURN_LOG names a file for how
 * many stops there were, and the plugin's memory, after each round.
 */
import fs from 'node:fs';

import { type DataSource } from '../../lab/host';
import { sleep } from '../../lab/wait';
import { eventually } from '../harness/eventually';
import { ALERT, HOUR, ask, dataSource, usePlugin } from '../harness/plugin';
import { type Claims, checkShown, claimsOf, lostOf, missingOf } from './claims';
import { ChurningServer } from './churning';
import { Random } from './random';
import { Truth } from './truth';

const plugin = usePlugin();

const SECONDS = Number(process.env.CHURN_SECONDS ?? 20);
const SEED = Number(process.env.CHURN_SEED ?? Date.now() % 1e6);
/** How many closed connections a server remembers. Servers as they come remember 10,000. */
const RING = Number(process.env.CHURN_RING ?? 2_000);
const MOST_LISTED = 10_000;
const PATIENCE_MS = 10_000;
const TICK_MS = 20;
const TICKS = 50;
/** How far a clock may be wrong before it is corrected (decision D11), and a little more. */
const CLOCKS_MS = 3_000;
/** Nothing happens so long around the time from which on stops are compared. */
const PAUSE_MS = 2 * CLOCKS_MS;
const CLOCK_STEPS_MS = [-3_600_000, -30_000, -1_500, 1_500, 30_000, 600_000];
/** Closed by one server in one tick, at most: about 300 a second, pauses included. */
const MOST = Number(process.env.CHURN_MOST ?? 12);

const PANELS = ['totals', 'table', 'timeseries', 'records'].flatMap((view) =>
  [['reason'], ['server', 'app']].map((groupBy) => ({
    queryType: 'stops',
    view,
    ...(view === 'records' ? {} : { groupBy }),
  }))
);

/** What happens to a server, each as likely as the others. */
const EVENTS: Record<string, (server: ChurningServer, random: Random) => Promise<unknown>> = {
  nothing: () => Promise.resolve(),
  restart: async (server) => server.restart(),
  clock: async (server, random) => server.step(random.of(CLOCK_STEPS_MS)),
  burst: async (server, random) => server.close(RING + random.below(500)),
  'lame duck': async (server) => {
    await server.lameDuck(RING / 10);
    server.restart();
    await server.start();
  },
  away: async (server) => {
    await server.stop();
    await sleep(500);
    await server.start();
  },
};

const HAPPENS = Object.keys(EVENTS);

/** Who compares what a data source says with what happened. */
class Auditor {
  private since = Date.now() - HOUR;
  // A notice names the newest gaps of a server only: what it told before stays told.
  private readonly told = new Map<string, Claims['restarts'][number]>();

  constructor(
    private readonly truth: Truth,
    private readonly source: DataSource
  ) {}

  audit(): Promise<void> {
    return eventually(async () => {
      const claims = await claimsOf(plugin(), this.source, { from: this.since, to: Date.now() + CLOCKS_MS });
      claims.restarts.forEach((gone) => this.told.set(`${gone.server} ${gone.from} ${gone.to}`, gone));
      checkShown(this.truth, claims);
      // A clock that is not corrected yet moves what a restart took by as much: it is told within bounds.
      const [most, least] = [-CLOCKS_MS, CLOCKS_MS].map((margin) =>
        missingOf(this.truth.stops, this.excusing(claims, margin))
      );
      const lost = lostOf(claims);
      for (const server of new Set([...Object.keys(lost), ...Object.keys(most ?? {})])) {
        const told = lost[server] ?? 0;
        const bounds = [least?.[server] ?? 0, most?.[server] ?? 0] as const;
        const within = told >= bounds[0] && told <= bounds[1];
        expect({ server, told, bounds, within }).toEqual({ server, told, bounds, within: true });
      }
    }, PATIENCE_MS);
  }

  /** The claims with every restart that was ever told, each with a margin. */
  private excusing(claims: Claims, margin: number): Claims {
    const restarts = [...this.told.values()].map((gone) => ({
      ...gone,
      from: gone.from - margin,
      to: gone.to + margin,
    }));
    return { ...claims, restarts };
  }

  /** What was compared long ago is not listed again and again; nothing may happen meanwhile. */
  async forget(): Promise<void> {
    if (this.truth.stops.size > MOST_LISTED) {
      await sleep(PAUSE_MS);
      this.since = Date.now() - PAUSE_MS / 2;
      this.truth.stops.clear();
      this.told.clear();
    }
  }
}

const LONG = SECONDS * 1_000 + 120_000;

test(`every stop is shown or told, seed ${SEED}`, () => run(new Random(SEED)), LONG);

async function run(random: Random): Promise<void> {
  const truth = new Truth();
  const servers = ['n1', 'n2', 'n3'].map((name) => new ChurningServer(name, RING, random, truth));
  await Promise.all(servers.map((server) => server.start()));
  const source = dataSource({ urls: servers.map(({ url }) => url), timeout: 10 });
  const auditor = new Auditor(truth, source);
  const happened: string[] = [];
  try {
    await auditor.audit();
    for (const end = Date.now() + SECONDS * 1_000; Date.now() < end; await auditor.forget()) {
      const server = random.of(servers);
      const event = random.of(HAPPENS);
      happened.push(`${server.name} ${event}`);
      await Promise.all([churn(servers, random), EVENTS[event]?.(server, random), watch(source)]);
      await auditor.audit();
      await log(happened);
    }
  } catch (cause) {
    throw new Error(`seed ${SEED}, after ${happened.slice(-20).join(', ')}: ${String(cause)}`);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** How many stops there were, and what the plugin's process takes. */
async function log(happened: string[]): Promise<void> {
  const file = process.env.CHURN_LOG;
  if (!file) {
    return;
  }
  const metrics = await plugin().metrics();
  const megabytes = (name: string) => Math.round(Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)?.[1]) / 1e6);
  const [rss, heap] = ['process_resident_memory_bytes', 'go_memstats_heap_inuse_bytes'].map(megabytes);
  const said = {
    at: new Date(),
    rounds: happened.length,
    last: happened.at(-1),
    stops: ChurningServer.stops,
    rss,
    heap,
  };
  fs.appendFileSync(file, `${JSON.stringify(said)}\n`);
}

async function churn(servers: ChurningServer[], random: Random): Promise<void> {
  for (let tick = 0; tick < TICKS; tick++) {
    servers.forEach((server) => server.close(random.below(MOST)));
    await sleep(TICK_MS);
  }
}

/** What a dashboard and rules ask meanwhile; none of it may fail. */
async function watch(source: DataSource): Promise<void> {
  const rules = PANELS.filter(({ view }) => view !== 'records');
  const answers = [
    ...PANELS.map((panel) => ask(plugin(), source, panel)),
    ...rules.map((rule) => ask(plugin(), source, rule, { headers: ALERT })),
  ];
  for (const { error } of await Promise.all(answers)) {
    expect(error).toBeUndefined();
  }
}
