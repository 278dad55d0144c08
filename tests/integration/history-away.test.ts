/** A stream that is away while clients come and go. For longer: AWAY_SECONDS=300. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { connect } from '@nats-io/transport-node';

import { Host } from '../../lab/host';
import { Passers } from '../../lab/passers';
import { freePorts } from '../../lab/ports';
import { sleep } from '../../lab/wait';
import { eventually } from '../harness/eventually';
import { recordsIn } from '../harness/jetstream';
import { HOUR, ask, dataSource, last, notices, totals } from '../harness/plugin';
import { useServers } from '../harness/servers';

const servers = useServers();

const SECONDS = Number(process.env.AWAY_SECONDS ?? 6);
const PER_SECOND = 100;
const PATIENCE_MS = 120_000;
const COUNTS = { queryType: 'stops', view: 'totals', groupBy: ['server'] };

const start = () => Host.start(process.env.PLUGIN_BINARY ?? '');

/** How many stops a host shows, of a range that ends later than any. */
async function shown(host: Host, source: ReturnType<typeof dataSource>) {
  const answer = await ask(host, source, COUNTS, { range: { from: last(HOUR).from, to: Date.now() + HOUR } });
  expect(answer.error).toBeUndefined();
  return {
    count: Object.values(totals(answer)).reduce<number>((sum, count) => sum + Number(count), 0),
    told: notices(answer),
  };
}

test(
  'while the stream is away questions are answered, and what stops then is in it once it is back',
  async () => {
    const read = await servers.cluster(['n1', 'n2', 'n3']);
    const kept = fs.mkdtempSync(path.join(os.tmpdir(), 'stream-'));
    const [port] = await freePorts(1);
    const store = await servers.start({ server_name: 'store', port, jetstream: { store_dir: kept } });
    const source = dataSource({
      urls: read.map(({ monitor }) => monitor),
      history: { servers: [store.url], create: true },
    });
    let host = await start();
    try {
      await eventually(async () => expect((await shown(host, source)).told).not.toMatch(/history/), PATIENCE_MS);
      const passers = new Passers(read, PER_SECOND);
      passers.start();
      await sleep(1_000);
      await store.kill();
      for (let second = 0; second < SECONDS; second++) {
        const rest = sleep(1_000);
        const left = passers.left.size;
        await eventually(async () => expect((await shown(host, source)).count).toBeGreaterThanOrEqual(left));
        await rest;
      }
      await passers.stop();
      await store.start();
      const ids = passers.ids().map((id) => id.replace('/', ' '));
      await eventually(async () => expect((await shown(host, source)).count).toBe(ids.length), PATIENCE_MS);
      const nats = await connect({ servers: store.url });
      await eventually(async () => {
        await shown(host, source);
        const written = await recordsIn(nats);
        expect([...written].filter(([, times]) => times > 1)).toEqual([]);
        expect(ids.filter((id) => !written.has(id))).toEqual([]);
      }, PATIENCE_MS).finally(() => nats.close());
      await host.signal('SIGKILL');
      // The servers take their rings with them: what is shown then is the stream's.
      await Promise.all(read.map((server) => server.kill()));
      await Promise.all(read.map((server) => server.start()));
      host = await start();
      await eventually(async () => expect((await shown(host, source)).count).toBe(ids.length), PATIENCE_MS);
    } finally {
      await host.close();
      await store.kill();
      fs.rmSync(kept, { recursive: true });
    }
  },
  (300 + 3 * SECONDS) * 1_000
);
