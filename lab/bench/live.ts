/** How soon a stop is in the stream that follows it, and what following costs, with and without servers that tell of stops. */
import { type Followed } from '../follow';
import { type Packet, readFrame } from '../frame';
import { type DataSource, type Host, type Query } from '../host';
import { type NatsServer } from '../nats-server';
import { Passers } from '../passers';
import { sleep } from '../wait';
import { ask } from './asking';
import { type Report, compare, compareTimes, duration } from './report';
import { SYSTEM, UNTOLD, fullCluster, stopAll } from './servers';
import { median, processorTimeOf } from './work';

const RATES = [10, 100];
const PLAYED_MS = 10_000;
/** How long the last stops are waited for. */
const PATIENCE_MS = 20_000;
const GOAL_MS = 1_500;
const MOST_READS = 10;

const LOGS: Query = { queryType: 'stops', view: 'logs', live: true, limit: 1_000 };

const WAYS: Record<string, (servers: NatsServer[]) => Partial<DataSource>> = {
  'over HTTP': (servers) => ({ jsonData: { version: 1, urls: servers.map(({ monitor }) => monitor) } }),
  'over NATS': (servers) => overNATS(servers, UNTOLD),
  'over NATS, told by servers': (servers) => overNATS(servers, SYSTEM),
};

function overNATS([first]: NatsServer[], { user, password }: typeof SYSTEM): Partial<DataSource> {
  const nats = { servers: [first?.url], auth: 'user', user };
  return { jsonData: { version: 1, nats }, secureJsonData: { natsPassword: password } };
}

/** What was seen while so many stopped. */
interface Seen {
  way: string;
  perSecond: number;
  /** Milliseconds from the end of each connection to its row. */
  after: number[];
  lost: number;
  twice: number;
  /** In a second: reads, and milliseconds in which processors were busy. */
  reads: number;
  plugin: number;
  servers: number;
}

export async function live(host: Host): Promise<Report> {
  const servers = await fullCluster();
  try {
    const seen: Seen[] = [];
    for (const rate of RATES) {
      for (const [way, part] of Object.entries(WAYS)) {
        const source: DataSource = { uid: `live ${way} ${rate}`, name: way, jsonData: {}, ...part(servers) };
        seen.push({ way, ...(await play(host, source, servers, rate)) });
      }
    }
    return told(seen);
  } finally {
    await stopAll(servers);
  }
}

async function play(host: Host, source: DataSource, servers: NatsServer[], rate: number): Promise<Omit<Seen, 'way'>> {
  const path = await pathOf(host, source);
  const stream = host.stream(source, path);
  await sleep(1_000);
  const passers = new Passers(servers, rate);
  const pids = servers.map(({ pid }) => pid);
  const used = async () => [await readsOf(host, source), processorTimeOf([host.pid]), processorTimeOf(pids)];
  const [before, began] = [await used(), Date.now()];
  passers.start();
  await sleep(PLAYED_MS);
  await passers.stop();
  const seconds = (Date.now() - began) / 1_000;
  const [reads = 0, plugin = 0, busy = 0] = (await used()).map((now, i) => (now - (before[i] ?? 0)) / seconds);
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && lost(passers, stream) > 0;) {
    await sleep(100);
  }
  await stream.stop();
  const came = arrivals(stream);
  const after = [...passers.left].flatMap(([id, { at }]) => Math.max(0, (came.get(id)?.[0] ?? NaN) - at));
  const twice = passers.ids().filter((id) => (came.get(id)?.length ?? 0) > 1).length;
  const perSecond = passers.left.size / seconds;
  return { perSecond, after: after.filter(isFinite), lost: lost(passers, stream), twice, reads, plugin, servers: busy };
}

/** Where the answer goes on. */
async function pathOf(host: Host, source: DataSource): Promise<string> {
  const [frame] = await ask(host, source, LOGS);
  const channel = frame && readFrame(frame).schema.meta?.channel;
  if (!channel) {
    throw new Error('the answer does not go on');
  }
  return channel.split('/').slice(2).join('/');
}

/** When each row came, by its id. */
function arrivals({ came }: Followed<Packet>): Map<string, number[]> {
  const all = new Map<string, number[]>();
  let column = 0;
  for (const { at, packet } of came) {
    column = packet.schema?.fields.findIndex(({ name }) => name === 'id') ?? column;
    for (const id of packet.data.values[column] ?? []) {
      all.set(String(id), [...(all.get(String(id)) ?? []), at]);
    }
  }
  return all;
}

function lost(passers: Passers, stream: Followed<Packet>): number {
  const came = arrivals(stream);
  return passers.ids().filter((id) => !came.has(id)).length;
}

/** How often a data source has read its servers. */
async function readsOf(host: Host, { uid }: DataSource): Promise<number> {
  const lines = (await host.metrics()).split('\n');
  const line = lines.find((one) => one.includes('sync_duration_seconds_count') && one.includes(`"${uid}"`));
  return Number(line?.split(' ').pop() ?? 0);
}

const percentile = (values: number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? Infinity;

function told(seen: Seen[]): Report {
  const few = seen.slice(-Object.keys(WAYS).length);
  const [, untold, rung] = few.map(({ after }) => median(after));
  const missed = seen.reduce((sum, { lost, twice }) => sum + lost + twice, 0);
  const most = Math.max(...seen.map(({ reads }) => reads));
  return {
    results: [
      ...few.map(({ way, after, perSecond }) => {
        const name = `stop to stream, ${way}, 99th percentile ÷ ${duration(GOAL_MS)}`;
        const remark = `, at ${perSecond.toFixed(0)} stops a second`;
        return compareTimes(name, percentile(after, 0.99), GOAL_MS, 1, remark);
      }),
      compareTimes('stop to stream, told by servers ÷ not told, median', rung ?? NaN, untold ?? NaN, 0.5),
      compare(
        'stop to stream: lost or twice',
        missed,
        1,
        0,
        `${missed} of ${seen.flatMap(({ after }) => after).length}`
      ),
      compare(`reads a second while following ÷ ${MOST_READS}`, most, MOST_READS, 1, `${most.toFixed(1)} at the most`),
    ],
    tables: [
      {
        title: 'What following costs',
        remark:
          'Three servers with full rings, one stream of all stops. Milliseconds in which processors are busy are those of a second.',
        rows: [
          ['Way', 'Stops a second', 'Median', '99th percentile', 'Reads a second', 'Plugin busy', 'Servers busy'],
          ...seen.map(({ way, perSecond, after, reads, plugin, servers }) => [
            way,
            perSecond.toFixed(0),
            duration(median(after)),
            duration(percentile(after, 0.99)),
            reads.toFixed(1),
            duration(plugin),
            duration(servers),
          ]),
        ],
      },
    ],
  };
}
