/** What the servers' processors do while many dashboards are watched. */
import { type DataSource, type Host } from '../host';
import { type NatsServer } from '../nats-server';
import { sleep } from '../wait';
import { PANELS, atOnce, dataSource } from './asking';
import { RING_PATH, download } from './peers';
import { type Result, compare, duration } from './report';
import { requestsTo } from './servers';
import { processorTimeOf } from './work';

// Many people watch. Part of a minute is played, long enough for the safety reads of every ten seconds.
const DASHBOARDS = 20;
const REFRESH_MS = 5_000;
const PLAYED_MS = 20_000;
const MINUTE_MS = 60_000;
const GOAL = 1 / 500;

/** Compares it with what reading the whole ring for each panel would cost them. */
export async function watched(host: Host, servers: NatsServer[], rounds: number): Promise<Result[]> {
  const pids = servers.map(({ pid }) => pid);
  const perRead = await ringCost(servers, pids, rounds);
  if (perRead === 0) {
    return []; // The system does not tell.
  }
  const source = dataSource(
    'watched',
    servers.map(({ monitor }) => monitor),
    '1s'
  );
  await atOnce(host, source, PANELS);
  const before = { asked: await requestsTo(servers), busy: processorTimeOf(pids) };
  await Promise.all(Array.from({ length: DASHBOARDS }, (_, i) => watch(host, source, (REFRESH_MS * i) / DASHBOARDS)));
  const used = ((processorTimeOf(pids) - before.busy) * MINUTE_MS) / PLAYED_MS;
  const requests = (await requestsTo(servers)).total - before.asked.total - servers.length;
  const reads = DASHBOARDS * PANELS.length * (MINUTE_MS / REFRESH_MS) * servers.length;
  const note =
    `${duration(used)} a minute (played ${duration(PLAYED_MS)}: ${requests} requests) ÷ ` +
    `${reads} reads of ${duration(perRead)}`;
  const name = "servers' processors, 20 dashboards every 5 s ÷ reading rings per panel";
  return [compare(name, used, perRead * reads, GOAL, note)];
}

/** How long a server's processors are busy with one read of its ring. */
async function ringCost(servers: NatsServer[], pids: number[], rounds: number): Promise<number> {
  const before = processorTimeOf(pids);
  for (let round = 0; round < rounds; round++) {
    for (const { monitor } of servers) {
      await download(monitor + RING_PATH);
    }
  }
  return (processorTimeOf(pids) - before) / (rounds * servers.length);
}

/** Refreshes one dashboard from its own first moment on until the time is over. */
async function watch(host: Host, source: DataSource, first: number): Promise<void> {
  await sleep(first);
  for (let at = first; at < PLAYED_MS; at += REFRESH_MS) {
    await atOnce(host, source, PANELS);
    await sleep(REFRESH_MS);
  }
}
