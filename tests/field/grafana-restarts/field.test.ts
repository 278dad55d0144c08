import { type DataSource, Host } from '../../../lab/host';
import { type Imitation } from '../../../lab/imitation';
import { asking, closeOn, emptied, useImitations } from '../../harness/imitations';
import { ALERT, ask, notices, rows, saved, totals } from '../../harness/plugin';

const { serve } = useImitations(__dirname);

const RING = 40;
const STOPS = { queryType: 'stops', view: 'totals', groupBy: [] };
const SERVERS = { queryType: 'servers', view: 'table' };

/** Runs the plugin anew meanwhile. */
async function running(test: (host: Host) => Promise<void>): Promise<void> {
  const host = await Host.start(process.env.PLUGIN_BINARY ?? '');
  try {
    await test(host);
  } finally {
    await host.close();
  }
}

async function counted(host: Host, source: DataSource): Promise<number> {
  const lines = (await host.metrics()).split('\n').filter((line) => line.startsWith('nats_connections_stopped_total{'));
  return lines
    .filter((line) => line.includes(source.uid))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function server(): Promise<{ n1: Imitation; source: DataSource; record: object }> {
  const n1 = await serve('n1');
  return { n1, record: emptied(n1), source: asking([n1]) };
}

test('each start knows the ring, and tells no loss', async () => {
  const { n1, source, record } = await server();
  for (let start = 1; start <= 3; start++) {
    await running(async (host) => {
      const before = Number(n1.replies.varz.total_connections);
      const kept = Math.min(before, RING);
      for (const headers of [{}, ALERT]) {
        expect(totals(await ask(host, source, STOPS, { headers }))).toEqual({ '': kept });
      }
      const [state] = rows(await ask(host, source, SERVERS));
      expect(state).toMatchObject({ answered: 1, records_lost: 0, evicted_before: before - kept });
      expect(notices(await ask(host, source, STOPS))).not.toMatch(/lost|restarted/);
      closeOn(n1, RING - 10, record, RING);
      const more = Math.min(kept + RING - 10, before + RING - 10);
      expect(totals(await ask(host, source, STOPS))).toEqual({ '': more });
      expect(await counted(host, source)).toBe(RING - 10);
    });
  }
});

test('a data source that is made anew under its uid knows what it knew', async () => {
  const { n1, source, record } = await server();
  await running(async (host) => {
    await ask(host, source, STOPS);
    for (let read = 1; read <= 3; read++) {
      closeOn(n1, RING, record, RING);
      expect(totals(await ask(host, source, STOPS))).toEqual({ '': read * RING });
    }
    for (let id = 2; id <= 4; id++) {
      const anew = saved(source, {}, { id });
      expect(totals(await ask(host, anew, STOPS, { headers: ALERT }))).toEqual({ '': 3 * RING });
      expect(rows(await ask(host, anew, SERVERS))).toMatchObject([{ records_lost: 0, evicted_before: 0 }]);
    }
  });
});
