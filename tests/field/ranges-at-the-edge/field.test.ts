import { type Range } from '../../../lab/host';
import { asking, useImitations } from '../../harness/imitations';
import { ALERT, HOUR, MINUTE, ask, frameOf, notices, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const STOPS = { queryType: 'stops', view: 'totals', groupBy: [] };
const VIEWS = ['totals', 'table', 'timeseries', 'records', 'logs'];
/** Those without a number are refused to a rule whatever the range. */
const OF_RECORDS = ['records', 'logs'];
const YEAR_9999 = 253_402_300_799_000;
const YEAR_2300 = 10_413_792_000_000;

const ranges = (now: number): Record<string, Range> => ({
  'ends before it begins': { from: now, to: now - HOUR },
  'until the year 9999': { from: 0, to: YEAR_9999 },
});

test.each(Object.keys(ranges(0)))('one that %s is refused in every view', async (name) => {
  const source = asking([await serve('n1')]);
  const range = ranges(Date.now())[name];
  for (const view of VIEWS) {
    for (const headers of OF_RECORDS.includes(view) ? [{}] : [{}, ALERT]) {
      const { status, error } = await ask(plugin(), source, { ...STOPS, view }, { range, headers });
      expect([view, status, error]).toEqual([
        view,
        400,
        expect.stringMatching(/^time range: it ends before it begins/),
      ]);
    }
  }
});

test('one from the year 2300 until 1970, which wraps around, costs nothing', async () => {
  const source = asking([await serve('n1')]);
  for (const view of VIEWS) {
    const answer = await ask(
      plugin(),
      source,
      { ...STOPS, view, interval: '1d' },
      { range: { from: YEAR_2300, to: 0 } }
    );
    const stops = (answer.frames ?? []).flatMap(({ data }) => data.values.slice(1).flat());
    expect([view, stops.length < 11_000]).toEqual([view, true]);
  }
});

test('one in the future is told, and one until later counts until now', async () => {
  const source = asking([await serve('n1')]);
  const now = Date.now();
  const future = await ask(plugin(), source, STOPS, { range: { from: now + HOUR, to: now + 2 * HOUR } });
  expect(totals(future)).toEqual({ '': 0 });
  expect(notices(future)).toContain('The time range begins after n1 was last read, at ');
  const until = await ask(plugin(), source, STOPS, { range: { from: now - HOUR, to: now + HOUR } });
  expect(totals(until)).toEqual({ '': 3 });
  expect(notices(until)).not.toContain('begins after');
  const moment = await ask(plugin(), source, STOPS, { range: { from: now, to: now } });
  expect([totals(moment), notices(moment)]).toEqual([{ '': 0 }, '']);
});

test('one since 1970 has every stop, in as many points as a panel draws', async () => {
  const source = asking([await serve('n1')]);
  const range = { from: 0, to: Date.now() + MINUTE };
  expect(totals(await ask(plugin(), source, STOPS, { range }))).toEqual({ '': 3 });
  expect(rows(await ask(plugin(), source, { queryType: 'stops', view: 'records' }, { range }))).toHaveLength(3);
  const [, stops = []] = frameOf(await ask(plugin(), source, { ...STOPS, view: 'timeseries' }, { range })).data.values;
  expect(stops.length).toBeLessThanOrEqual(1_001);
  expect(stops.reduce((sum: number, n) => sum + Number(n), 0)).toBe(3);
});
