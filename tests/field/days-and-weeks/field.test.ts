import { type Imitation } from '../../../lab/imitation';
import { asking, useImitations } from '../../harness/imitations';
import { ALERT, ask, frameOf, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const RANGE = { from: Date.parse('2026-02-20T09:30:00Z'), to: Date.parse('2026-11-10T07:00:00Z') };
/** Clocks changed there on 29 March and 25 October 2026. */
const BERLIN = 'Europe/Berlin';
const BRISBANE = 'Australia/Brisbane';

/** Local wall time of a moment, such as "Mon 2026-03-30 00:00". */
function wall(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('weekday')} ${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}

/** The beginnings of the intervals, and how many stops each has. */
async function buckets(n1: Imitation, interval: string, timezone?: string, headers = {}) {
  const query = { queryType: 'stops', view: 'timeseries', groupBy: [], interval, timezone };
  const { data } = frameOf(await ask(plugin(), asking([n1]), query, { range: RANGE, headers }));
  const [times = [], stops = []] = data.values as number[][];
  return times.map((at, i) => ({ at, stops: stops[i] ?? 0 }));
}

test.each([
  ['1d', BERLIN, /^... .* 00:00$/],
  ['1d', BRISBANE, /^... .* 00:00$/],
  ['1w', BERLIN, /^Mon .* 00:00$/],
  ['1w', 'UTC', /^Mon .* 00:00$/],
  ['1M', BERLIN, /^... ....-..-01 00:00$/],
  ['1M', BRISBANE, /^... ....-..-01 00:00$/],
  ['3M', BERLIN, /^... ....-(01|04|07|10)-01 00:00$/],
  ['1y', BRISBANE, /^... ....-01-01 00:00$/],
])('%s in %s', async (interval, timezone, beginning) => {
  const found = await buckets(await serve('n1'), interval, timezone);
  expect(found.length).toBeGreaterThan(0);
  const beginnings = found.map(({ at }) => wall(at, timezone));
  for (const one of beginnings) {
    expect(one).toMatch(beginning);
  }
  expect(new Set(beginnings).size).toBe(found.length);
  expect(found[0]?.at).toBeLessThanOrEqual(RANGE.from);
});

test.each([
  ['1w', /^Mon .* 00:00$/],
  ['1M', /-01 00:00$/],
])('%s in an alert rule, which has no time zone', async (interval, beginning) => {
  const found = await buckets(await serve('n1'), interval, undefined, ALERT);
  expect(found.length).toBeGreaterThan(5);
  for (const { at } of found) {
    expect(wall(at, 'UTC')).toMatch(beginning);
  }
});

test.each([
  ['1d', BERLIN],
  ['1w', BERLIN],
  ['1M', BRISBANE],
  ['3M', BERLIN],
])('a line of %s in %s has no gap: no two points are further apart than the interval', async (interval, timezone) => {
  const query = { queryType: 'stops', view: 'timeseries', groupBy: [], interval, timezone };
  const { schema, data } = frameOf(await ask(plugin(), asking([await serve('n1')]), query, { range: RANGE }));
  const { interval: longest = 0 } = (schema.fields[0]?.config ?? {}) as { interval?: number };
  const [times = []] = data.values as number[][];
  const apart = times.slice(1).map((at, i) => at - (times[i] ?? 0));
  expect(longest).toBeGreaterThanOrEqual(Math.max(...apart));
});

test('a stop belongs to its day there: one before midnight, two after', async () => {
  const n1 = await serve('n1');
  const { varz, closed } = n1.replies;
  const [one] = closed.splice(0);
  varz.start = '2026-01-01T00:00:00Z';
  // Midnight of 25 October, whose day has 25 hours, is 22:00 in UTC; that of the 26th is 23:00.
  ['2026-10-24T21:59:59Z', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z'].forEach((stop, i) =>
    closed.push({ ...one, cid: i + 1, start: stop, last_activity: stop, stop })
  );
  varz.total_connections = closed.length;
  const found = (await buckets(n1, '1d', BERLIN)).filter(({ stops }) => stops > 0);
  expect(found.map(({ at, stops }) => [wall(at, BERLIN), stops])).toEqual([
    ['Sat 2026-10-24 00:00', 1],
    ['Sun 2026-10-25 00:00', 2],
  ]);
});
