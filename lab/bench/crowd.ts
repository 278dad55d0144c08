/** What a refresh with nothing new costs as servers become many. */
import { type Connection } from '../connz';
import { type DataSource, type Host } from '../host';
import { Imitation } from '../imitation';
import { PANELS, atOnce, dataSource, least, refreshing } from './asking';
import { type Report, compareTimes, duration } from './report';
import { type Work, interleave } from './work';

/** How many records a simulated server has. */
const RING = 1_000;
const CROWDS = [1, 3, 10, 100];

const HOUR = 3_600_000;
const REASONS = ['Client Closed', 'Stale Connection', 'Authentication Failure', 'Read Error'];
const APPS = ['billing', 'orders', 'search', 'gateway'];

interface Traffic {
  requests: number;
  bytes: number;
}

export async function crowd(host: Host, rounds: number): Promise<Report> {
  const servers = Array.from({ length: Math.max(...CROWDS) }, (_, i) => new Imitation(repliesOf(`n${i + 1}`)));
  await Promise.all(servers.map((server) => server.start()));
  try {
    const urls = servers.map(({ url }) => url);
    const sources = CROWDS.map((count) => dataSource(`crowd${count}`, urls.slice(0, count)));
    const costs: Traffic[] = [];
    for (const source of sources) {
      const refresh = () => refreshTraffic(host, source, servers);
      costs.push(await least(4, refresh, ({ bytes }) => bytes));
    }
    const works = CROWDS.flatMap((count, i): Array<[string, Work]> => {
      const source = sources[i] as DataSource;
      return [
        [`one of ${count}`, refreshing(host, source, PANELS.slice(0, 1))],
        [`all of ${count}`, refreshing(host, source, PANELS)],
      ];
    });
    return told(await interleave<string>(rounds, Object.fromEntries(works)), costs);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** A server where nothing stops any more. */
function repliesOf(server_name: string) {
  const [now, start] = [Date.now(), Date.now() - HOUR].map((ms) => new Date(ms).toISOString());
  const counters = { total_connections: RING, connections: 0, leafnodes: 0 };
  const padding = '.'.repeat(2_000);
  const varz = { server_id: `ID-${server_name}`, server_name, version: '2.15.2', start, now, ...counters, padding };
  return { varz, open: [], closed: Array.from({ length: RING }, (_, i) => record(i)), others: {} };
}

function record(i: number): Connection {
  const at = new Date(Date.now() - i * 1_000).toISOString();
  return {
    cid: RING - i,
    kind: 'Client',
    type: 'nats',
    ip: '10.0.0.1',
    port: 30_000,
    start: at,
    last_activity: at,
    stop: at,
    reason: REASONS[i % REASONS.length],
    rtt: '350µs',
    pending_bytes: 0,
    in_msgs: 3,
    out_msgs: 5,
    in_bytes: 300,
    out_bytes: 500,
    subscriptions: 1,
    name: `${APPS[i % APPS.length]}-service-pod-${i.toString(16).padStart(8, '0')}`,
    account: 'APP',
  };
}

/** What a refresh asks of the servers. */
async function refreshTraffic(host: Host, source: DataSource, servers: Imitation[]): Promise<Traffic> {
  const before = trafficOf(servers);
  await atOnce(host, source, PANELS);
  const after = trafficOf(servers);
  return { requests: after.requests - before.requests, bytes: after.bytes - before.bytes };
}

function trafficOf(servers: Imitation[]): Traffic {
  const asked = servers.flatMap(({ requests }) => requests);
  return { requests: asked.length, bytes: asked.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function told(times: Record<string, number>, costs: Traffic[]): Report {
  const time = (what: string) => times[what] ?? 0;
  const rows = CROWDS.map((count, i) => [
    `${count}`,
    duration(time(`one of ${count}`)),
    duration(time(`all of ${count}`)),
    duration(time(`one of ${count}`) / count),
    `${costs[i]?.requests}`,
    `${costs[i]?.bytes}`,
  ]);
  const many = Math.max(...CROWDS);
  const name = `growth: one panel, a server of ${many} simulated ÷ the only one`;
  return {
    results: [compareTimes(name, time(`one of ${many}`) / many, time('one of 1'), 1)],
    tables: [
      {
        title: 'As servers become many',
        remark: `Simulated servers with ${RING} records each, in the process that asks; a refresh with nothing new.`,
        rows: [['Servers', 'One panel', '12 panels at once', 'One panel, per server', 'Requests', 'Bytes'], ...rows],
      },
    ],
  };
}
