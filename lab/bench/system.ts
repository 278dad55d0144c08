/** What a refresh with nothing new costs where hundreds of servers answer one request over NATS. */
import { type Msg, type NatsConnection, connect } from '@nats-io/transport-node';

import { buildServer } from '../binary';
import { type Connection } from '../connz';
import { type DataSource, type Host, type Query } from '../host';
import { NatsServer } from '../nats-server';
import { within } from '../wait';
import { ask, least, numberIn, settle } from './asking';
import { type Report, compare, duration } from './report';
import { interleave, processorTimeOf } from './work';

const SERVERS = 500;
/** How many records each of them has. */
const RING = 100;
const GOAL_MS = 60;
const ANSWER_MS = 10_000;

const PING = '$SYS.REQ.SERVER.PING.STATSZ';
const TOTAL: Query = { queryType: 'stops', view: 'totals', groupBy: [] };

export async function system(host: Host, rounds: number): Promise<Report> {
  const server = await NatsServer.start(await buildServer(), { server_name: 'n0' });
  const nats = await connect({ servers: server.url });
  try {
    const crowd = new Crowd(nats);
    await nats.flush();
    const source: DataSource = {
      uid: 'system',
      name: 'system',
      jsonData: { version: 1, syncEvery: '50ms', nats: { servers: [server.url] } },
    };
    const read = numberIn(await ask(host, source, TOTAL));
    if (read !== SERVERS * RING) {
      throw new Error(`${read} records of ${SERVERS * RING} were read over NATS`);
    }
    const requests = await least(3, () => crowd.during(() => ask(host, source, TOTAL)), Number);
    const times = await interleave(rounds, {
      ours: { prepare: settle, run: () => ask(host, source, TOTAL) },
      bare: { prepare: settle, run: () => collect(nats) },
    });
    let busy = 0;
    for (let round = 0; round < rounds; round++) {
      await settle();
      const before = processorTimeOf([host.pid]);
      await ask(host, source, TOTAL);
      busy += processorTimeOf([host.pid]) - before;
    }
    const note = `a refresh takes ${duration(times.ours)}, of which all answers are there after ${duration(times.bare)}`;
    return {
      results: [
        compare(`${SERVERS} servers over NATS, nothing new: requests ÷ 1`, requests, 1, 1, `${requests} requests`),
        compare(
          `${SERVERS} servers over NATS, nothing new: processors busy in the plugin ÷ ${GOAL_MS} ms`,
          busy / rounds,
          GOAL_MS,
          1,
          `${duration(busy / rounds)}; ${note}`
        ),
      ],
      tables: [],
    };
  } finally {
    await nats.close();
    await server.stop();
  }
}

/** Asks all servers and waits for their answers, as whoever does nothing with them. */
async function collect(nats: NatsConnection): Promise<void> {
  const inbox = `_INBOX.bare.${Math.random()}`;
  const answers = nats.subscribe(inbox, { max: SERVERS });
  nats.publish(PING, '', { reply: inbox });
  const all = (async () => {
    for await (const answer of answers) {
      answer.json();
    }
  })();
  await within(`answers of ${SERVERS} servers`, all, ANSWER_MS);
}

/** Servers that are not there and answer what those of a system account do. */
class Crowd {
  private asked = 0;
  private readonly lists = new Map(Array.from({ length: SERVERS }, (_, i) => [`ID-${i}`, records(i)]));
  private readonly start = new Date(Date.now() - 3_600_000).toISOString();

  constructor(nats: NatsConnection) {
    nats.subscribe(PING, { callback: (_, message) => this.tellCounters(message) });
    nats.subscribe('$SYS.REQ.SERVER.*.CONNZ', { callback: (_, message) => this.tellList(message) });
  }

  /** How many requests there are while something happens. */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.asked;
    await work();
    return this.asked - before;
  }

  private tellCounters(message: Msg): void {
    this.asked += 1;
    for (const [id, list] of this.lists) {
      const server = { name: id.replace('ID-', 'n'), id, cluster: 'many', ver: '2.15.2', time: new Date() };
      const statsz = {
        start: this.start,
        connections: 0,
        total_connections: list.length,
        active_servers: SERVERS,
      };
      message.respond(JSON.stringify({ server, statsz }));
    }
  }

  private tellList(message: Msg): void {
    this.asked += 1;
    const id = message.subject.split('.')[3] ?? '';
    const { state, offset = 0, limit = RING } = message.json<{ state: number; offset?: number; limit?: number }>();
    const all = state === 1 ? (this.lists.get(id) ?? []) : [];
    const connections = all.slice(offset, offset + limit);
    const data = {
      server_id: id,
      now: new Date(),
      total: all.length,
      num_connections: connections.length,
      offset,
      limit,
    };
    message.respond(JSON.stringify({ server: { id }, data: { ...data, connections } }));
  }
}

/** What stopped at a server, the newest first. */
function records(server: number): Connection[] {
  const at = (i: number) => new Date(Date.now() - i * 10_000).toISOString();
  return Array.from({ length: RING }, (_, i) => ({
    cid: RING - i,
    kind: 'Client',
    type: 'nats',
    ip: `10.0.${server % 250}.1`,
    port: 30_000,
    start: at(i + 1),
    last_activity: at(i),
    stop: at(i),
    reason: 'Client Closed',
    rtt: '350µs',
    name: `app-${i % 7}-pod-${i}`,
    account: 'APP',
  }));
}
