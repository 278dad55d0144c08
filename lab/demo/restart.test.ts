import { painter } from './colour';
import { type Known, type Knowledge, forgetsNothing, restartLines } from './restart';

const NOON = Date.UTC(2026, 2, 1, 12);
const known = (servers: Record<string, Known>): Knowledge => ({
  servers: new Map(Object.entries(servers)),
  results: [],
});
const n1 = { stops: 1_200, since: NOON, lost: 0 };
const before = known({ n1 });

it.each([
  ['the same', n1, true],
  ['a second later, since ages are whole seconds', { ...n1, since: NOON + 1_000 }, true],
  ['fewer stops', { ...n1, stops: 1_199 }, false],
  ['complete since later', { ...n1, since: NOON + 2_000 }, false],
  ['complete since nobody knows when', { ...n1, since: NaN }, false],
  ['records lost', { ...n1, lost: 1 }, false],
])('%s: %j', (_, after, want) => {
  expect(forgetsNothing(before, known({ n1: after }))).toBe(want);
});

it('does not take a server that is not there any more for the same, or nothing at all', () => {
  expect(forgetsNothing(before, known({}))).toBe(false);
  expect(forgetsNothing(known({}), known({}))).toBe(false);
});

it('shows what is known before, after, and without a history', () => {
  const [after, without] = [
    known({ n1: { ...n1, since: NOON + 900 } }),
    known({ n1: { stops: 3, since: NaN, lost: 0 } }),
  ];
  const lines = restartLines(before, after, without, { width: 80, paint: painter(false) });
  expect(lines.slice(5)).toEqual([
    'server  what is known         stops  complete since  records lost',
    'n1      before it was killed  1,200  12:00:00                   0',
    'n1      after its next start  1,200  12:00:00                   0',
    'n1      without a history         3  –                          0',
    '',
    'The same stops, complete since the same time.',
  ]);
});
