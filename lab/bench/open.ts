/** What many open connections cost: bytes and requests, by a server that is imitated. */
import { type Connection } from '../connz';
import { type Host } from '../host';
import { Imitation } from '../imitation';
import { sleep } from '../wait';
import { PANELS, ask, atOnce, dataSource } from './asking';
import { download } from './peers';
import { type Report, compare, kilobytes } from './report';

const OPEN = 100_000;
const GOALS = { sorted: 0.005, fullLists: 2 };
const REFRESH_MS = 5_000;
const PLAYED_MS = 60_000;
const KEYS_TYPED = 7;

const BY_PENDING = {
  queryType: 'connections',
  view: 'records',
  sort: { by: 'pending_bytes', desc: true },
  limit: 100,
};
/** Twelve panels of groups. */
const GROUPS = ['totals', 'table'].flatMap((view) =>
  [['account'], ['server'], ['app'], ['user'], ['lang'], ['app', 'account']].map((groupBy) => ({
    queryType: 'connections',
    view,
    groupBy,
  }))
);

export async function open(host: Host): Promise<Report> {
  const server = await new Imitation(replies()).start();
  try {
    const full = await download(`${server.url}/connz?state=open&auth=1&limit=${OPEN}`);
    const bytesOf = async (work: () => Promise<unknown>) => {
      const before = server.requests.length;
      await work();
      return server.requests.slice(before).reduce((sum, { bytes }) => sum + bytes, 0);
    };
    const source = (uid: string) => dataSource(uid, [server.url], '1s');
    const sorted = await bytesOf(() => ask(host, source('sorted'), BY_PENDING));
    const played = source('groups');
    const read = await bytesOf(async () => {
      const began = Date.now();
      for (let at = 0; at < PLAYED_MS; at += REFRESH_MS) {
        // Dashboards refresh by the clock, however long the last answers took.
        await sleep(Math.max(began + at - Date.now(), 0));
        await atOnce(host, played, GROUPS);
      }
    });
    const lists = read / full;
    // What is known is young: a dashboard was just opened.
    const typing = source('typing');
    await atOnce(host, typing, [...PANELS.slice(0, 1), ...GROUPS.slice(0, 1)]);
    const before = server.requests.length;
    for (let key = 0; key < KEYS_TYPED; key++) {
      await ask(host, typing, { queryType: 'values', key: 'app' });
    }
    const asked = server.requests.length - before;
    const results = [
      compare(
        'open connections, 100 of 100,000 by pending bytes: bytes read ÷ full list',
        sorted,
        full,
        GOALS.sorted,
        `${kilobytes(sorted)} ÷ ${kilobytes(full)}`
      ),
      compare(
        'open connections, 12 panels of groups for a minute: full lists read ÷ 2',
        lists,
        GOALS.fullLists,
        1,
        `${lists.toFixed(1)} lists of ${kilobytes(full)}`
      ),
      compare('values while typing: requests to NATS', asked, 1, 0, `${asked} requests for ${KEYS_TYPED} keys`),
    ];
    return { results, tables: [] };
  } finally {
    await server.stop();
  }
}

function replies() {
  const now = Date.now();
  const at = (ms: number) => new Date(now - ms).toISOString();
  const varz = {
    server_id: 'OPEN',
    server_name: 'n1',
    version: '2.15.2',
    start: at(86_400_000),
    now: at(0),
    connections: OPEN,
    total_connections: OPEN,
    leafnodes: 0,
  };
  const connections = Array.from({ length: OPEN }, (_, i): Connection => {
    const app = `service-${i % 200}`;
    return {
      cid: i + 1,
      kind: 'Client',
      type: 'nats',
      ip: `10.0.${i % 200}.7`,
      port: 30_000 + (i % 30_000),
      start: at(3_600_000 + i),
      last_activity: at(i % 60_000),
      rtt: '350µs',
      uptime: '1h',
      idle: `${i % 60}s`,
      pending_bytes: (i * 7919) % 1_000_003,
      in_msgs: i,
      out_msgs: 2 * i,
      in_bytes: 128 * i,
      out_bytes: 256 * i,
      subscriptions: i % 12,
      name: `${app}-pod-${i.toString(16).padStart(8, '0')}`,
      lang: ['go', 'java', 'rust'][i % 3],
      version: '1.55.0',
      account: `account-${i % 20}`,
      authorized_user: `user-${i % 500}`,
    };
  });
  return { varz, open: connections, closed: [], others: {} };
}
