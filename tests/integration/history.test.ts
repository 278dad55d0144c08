/**
 * The history in a stream of three replicas, on the very servers that are read. For longer, and with more stops:
 * HISTORY_SECONDS=600.
 */
import { type NatsConnection, connect } from '@nats-io/transport-node';

import { visits } from '../../lab/clients';
import { type DataSource, Host } from '../../lab/host';
import { type NatsServer } from '../../lab/nats-server';
import { sleep } from '../../lab/wait';
import { eventually } from '../harness/eventually';
import { recordsIn } from '../harness/jetstream';
import { HOUR, ask, dataSource, last, notices, rows, totals } from '../harness/plugin';
import { ringOf, useServers } from '../harness/servers';

const servers = useServers();

const SECONDS = Number(process.env.HISTORY_SECONDS ?? 6);
const PER_SECOND = 100;
/** So few that rings still have them, and those that come while Grafana starts, however slow this machine is. */
const FEW = 60;
/** So small that what stops in a few seconds leaves it. */
const RING = 300;
const COUNTS = { queryType: 'stops', view: 'totals', groupBy: ['server', 'reason', 'app'] };
const STATES = { queryType: 'servers', view: 'table' };
const RECORDS = { queryType: 'stops', view: 'records', limit: 100_000 };

const start = () => Host.start(process.env.PLUGIN_BINARY ?? '');

async function system(): Promise<NatsServer[]> {
  return servers.cluster(['n1', 'n2', 'n3'], () => ({ jetstream: {}, ...ringOf(RING).config }));
}

/** A data source with a history, and one without. */
function sources(read: NatsServer[]): { kept: DataSource; plain: DataSource } {
  const urls = read.map(({ monitor }) => monitor);
  const history = { servers: read.map(({ url }) => url), create: true };
  return { kept: dataSource({ urls, history }), plain: dataSource({ urls }) };
}

/** Lets clients come and go for a while, and has hosts asked meanwhile. */
async function churn(read: NatsServer[], seconds: number, watch: () => Promise<unknown>): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    const rest = sleep(1_000);
    await Promise.all(read.map((server) => visits(server, Math.ceil(PER_SECOND / read.length))));
    await watch();
    await rest;
  }
}

/** What panels show, as far as it does not depend on when it was asked. */
async function shown(host: Host, source: DataSource): Promise<object> {
  const range = { from: last(HOUR).from, to: Date.now() + HOUR };
  const counted = await ask(host, source, COUNTS, { range });
  const states = rows(await ask(host, source, STATES)).map((row) => {
    const { server, answered, records_lost, evicted_before } = row;
    return { server, answered, records_lost, evicted_before };
  });
  const ids = rows(await ask(host, source, RECORDS, { range })).map((row) => `${row.server_id} ${row.cid} ${row.time}`);
  return { counts: totals(counted), states, ids: ids.sort(), told: notices(counted) };
}

/** How many stops that one host shows are not in the stream yet. */
async function unwritten(nats: NatsConnection, host: Host, source: DataSource): Promise<number> {
  const times = await recordsIn(nats);
  return rows(await ask(host, source, RECORDS)).filter((row) => !times.has(`${row.server_id} ${row.cid}`)).length;
}

test(
  'a Grafana that is killed twice shows what one shows that was never killed',
  async () => {
    const read = await system();
    const { kept, plain } = sources(read);
    const witness = await start();
    let host = await start();
    const nats = await connect({ servers: read.map(({ url }) => url) });
    const written = async (most: number) =>
      eventually(async () => {
        await watch();
        expect(await unwritten(nats, witness, plain)).toBeLessThanOrEqual(most);
      }, 60_000);
    const watch = () => Promise.all([ask(witness, plain, COUNTS), ask(host, kept, COUNTS)]);
    try {
      await eventually(async () => expect(notices(await ask(host, kept, COUNTS))).not.toMatch(/history/), 60_000);
      for (let kill = 1; kill <= 2; kill++) {
        await churn(read, SECONDS, watch);
        await written(FEW);
        await churn(read, 1, watch);
        await host.signal('SIGKILL');
        host = await start();
        await churn(read, 1, watch);
      }
      const [, , third] = read;
      await watch();
      await third?.kill();
      await churn(read.slice(0, 2), 2, watch);
      // What the third told last is nowhere else once it is written; until then it is in this process alone.
      await written(0);
      await host.signal('SIGKILL');
      host = await start();
      await eventually(async () => {
        const [want, got] = [await shown(witness, plain), await shown(host, kept)];
        expect(got).toEqual(want);
      });
    } finally {
      await Promise.all([witness.close(), host.close()]);
      await nats.close();
    }
  },
  (300 + 3 * SECONDS) * 1_000
);

test(
  'two Grafanas on one stream write each record once, also when they die by turns',
  async () => {
    const read = await system();
    const { kept, plain } = sources(read);
    const witness = await start();
    const hosts = [await start(), await start()];
    const nats = await connect({ servers: read.map(({ url }) => url) });
    const watch = () => Promise.all([ask(witness, plain, COUNTS), ...hosts.map((host) => ask(host, kept, COUNTS))]);
    try {
      await eventually(async () => expect(notices(await ask(hosts[0]!, kept, COUNTS))).not.toMatch(/history/), 60_000);
      for (let second = 0; second < SECONDS; second += 3) {
        await churn(read, 3, watch);
        const dies = (second / 3) % 2;
        await hosts[dies]?.signal('SIGKILL');
        hosts[dies] = await start();
      }
      await watch();
      const known = async () => rows(await ask(witness, plain, RECORDS)).map((row) => `${row.server_id} ${row.cid}`);
      await eventually(async () => {
        await watch();
        const times = await recordsIn(nats);
        const want = await known();
        expect([...times].filter(([, n]) => n > 1)).toEqual([]);
        expect(want.filter((id) => !times.has(id))).toEqual([]);
      });
      for (const host of hosts) {
        expect(totals(await ask(host, kept, COUNTS))).toEqual(totals(await ask(witness, plain, COUNTS)));
      }
    } finally {
      await Promise.all([witness, ...hosts].map((host) => host.close()));
      await nats.close();
    }
  },
  (300 + 3 * SECONDS) * 1_000
);
