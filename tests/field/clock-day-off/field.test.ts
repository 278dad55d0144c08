import { type Imitation } from '../../../lab/imitation';
import { asking, useImitations } from '../../harness/imitations';
import { ALERT, HOUR, ask, notices, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname, 'edge-a');

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['reason'] };
const SLOW = 'reason=Slow Consumer (Pending Bytes)';
const TEN_YEARS = 10 * 365 * 24 * HOUR;

const servers = (metric: string) => ({ queryType: 'servers', view: 'totals', metric, groupBy: ['server'] });

/** One more slow consumer of a server that had one. */
function anotherSlowConsumer({ replies: { varz, closed } }: Imitation): void {
  const [one] = closed;
  const stop = new Date().toISOString();
  closed.unshift({ ...one, cid: closed.length + 1, stop, last_activity: stop });
  Object.assign(varz, { total_connections: closed.length });
}

test('a clock a day ahead hides nothing of another server', async () => {
  const [a, b] = [await serve('edge-a'), await serve('edge-b')];
  const source = asking([a, b]);
  for (const headers of [{}, ALERT, ALERT]) {
    expect(totals(await ask(plugin(), source, STOPS, { headers }))).toEqual({ [SLOW]: 3 });
  }
  const ages = totals(await ask(plugin(), source, servers('oldest_age')));
  expect(Object.keys(ages)).toEqual(['server=edge-a', 'server=edge-b']);
  for (const age of Object.values(ages)) {
    expect(Math.abs(Number(age) - 3_600)).toBeLessThan(10);
  }
});

test('the ring is read once', async () => {
  const [a, b] = [await serve('edge-a'), await serve('edge-b')];
  const source = asking([a, b]);
  await ask(plugin(), source, STOPS);
  await ask(plugin(), source, STOPS); // What the first read told is agreed on by a second.
  const rings = () => a.requests.filter(({ search }) => search.get('state') === 'closed').length;
  const read = rings();
  for (let i = 0; i < 5; i++) {
    await ask(plugin(), source, STOPS);
  }
  expect(rings()).toBe(read);
});

test('the clock is told in a notice, a number and "Save & test"', async () => {
  const source = asking([await serve('edge-a'), await serve('edge-b')]);
  const sentence = "edge-b's clock is 25h0m0s ahead of Grafana's";
  expect(notices(await ask(plugin(), source, STOPS))).toContain(sentence);
  expect(notices(await ask(plugin(), source, STOPS))).not.toContain("edge-a's clock");
  const offsets = totals(await ask(plugin(), source, servers('clock_offset')));
  expect(Math.abs(Number(offsets['server=edge-b']) - 25 * 3_600)).toBeLessThan(5);
  expect(Math.abs(Number(offsets['server=edge-a']))).toBeLessThan(5);
  const { status, message } = await plugin().health(source);
  expect([status, message]).toEqual(['OK', expect.stringContaining(sentence)]);
});

test('a clock a day behind hides nothing of its own', async () => {
  const source = asking([await serve('edge-a'), await serve('edge-c-mirror')]);
  const { 'reason=Stale Connection': stale, [SLOW]: slow } = totals(await ask(plugin(), source, STOPS));
  expect([stale, slow]).toEqual([2, 3]);
  // The recordings are four seconds apart.
  expect(notices(await ask(plugin(), source, STOPS))).toContain("edge-c's clock is 24h59m56s behind Grafana's");
});

test.each([25 * HOUR, TEN_YEARS, -TEN_YEARS])(
  'a clock that was %d ms off and is right again leaves no trace',
  async (off) => {
    const [a, b] = [await serve('edge-a'), await serve('edge-b')];
    b.step(off - 25 * HOUR);
    const source = asking([a, b]);
    expect(totals(await ask(plugin(), source, STOPS))).toEqual({ [SLOW]: 3 });
    b.step(-off);
    for (const count of [4, 5, 6]) {
      anotherSlowConsumer(a);
      expect(totals(await ask(plugin(), source, STOPS))).toEqual({ [SLOW]: count });
    }
    expect(notices(await ask(plugin(), source, STOPS))).not.toContain('clock');
  }
);
