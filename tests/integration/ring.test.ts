import { type DataSource, type Query } from '../../lab/host';
import { closedBy, visits } from '../../lab/clients';
import { eventually } from '../harness/eventually';
import { ask, notices, rows, totals, usePlugin } from '../harness/plugin';
import { FULL_RING, overHTTP, ringOf, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const TOTAL: Query = { queryType: 'stops', view: 'totals', groupBy: [] };
const stops = async (source: DataSource) => Number(totals(await ask(plugin(), source, TOTAL))['']);
const lost = async (source: DataSource) => {
  const query = { queryType: 'servers', view: 'totals', metric: 'records_lost' };
  return totals(await ask(plugin(), source, query))['server=n1'];
};

test('a full ring is read whole', async () => {
  const n1 = await servers.start();
  await visits(n1, FULL_RING + 250);
  const source = overHTTP([n1]);
  const kept = await eventually(async () => {
    const count = await stops(source);
    expect(count).toBeGreaterThanOrEqual(FULL_RING);
    return count;
  });
  const before = { queryType: 'servers', view: 'totals', metric: 'evicted_before', groupBy: [] };
  const evicted = Number(totals(await ask(plugin(), source, before))['']);
  expect(kept + evicted).toBe(FULL_RING + 250);
  const records = await ask(plugin(), source, { queryType: 'stops', view: 'records', limit: 20_000 });
  expect(rows(records)).toHaveLength(kept);
  expect(notices(records)).toContain(`${evicted} older stops had already left its ring`);
  const limited = await ask(plugin(), source, { queryType: 'stops', view: 'records' });
  expect(notices(limited)).toContain(`Showing 1,000 of ${kept.toLocaleString('en-US')} stops`);
});

test('an overflow between two reads is told with its size', async () => {
  const { ring, config } = ringOf(20);
  const n1 = await servers.start({ server_name: 'n1', ...config });
  const source = overHTTP([n1]);
  expect(await stops(source)).toBe(0);
  // A record is written a moment after its stop is counted, so a read may see
  // one that the ring drops at once: what is kept and what is lost add up.
  for (const closed of [ring + 55, 2 * ring + 56]) {
    await visits(n1, closed - (await stops(source)) - Number(await lost(source)));
    await closedBy(n1, closed);
    await eventually(async () => {
      const kept = await stops(source);
      expect(kept).toBeGreaterThanOrEqual(ring);
      expect(kept + Number(await lost(source))).toBe(closed);
    });
  }
  const told = notices(await ask(plugin(), source, { ...TOTAL, groupBy: ['reason'] }));
  expect(told).toContain('n1 lost the records of ');
  expect(told).toContain('more stopped than its ring holds.');
});

test('only what is new is read again, and nothing is lost', async () => {
  const n1 = await servers.start();
  const source = overHTTP([n1]);
  let closed = 0;
  for (const more of [100, 3, 64, 700, 1, 5000]) {
    await visits(n1, more);
    closed += more;
    await eventually(async () => expect(await stops(source)).toBe(closed));
  }
  expect(await lost(source)).toBe(0);
});
