import { painter } from './colour';
import { type Frame, type Result } from '../frame';
import { noticeLines, resultLines } from './render';

const screen = { width: 100, paint: painter(false) };

const frame = (
  type: string | undefined,
  fields: Frame['schema']['fields'],
  values: Frame['data']['values']
): Frame => ({
  schema: { fields, meta: { type } },
  data: { values },
});

const lines = (one: Frame) => resultLines({ frames: [one] }, screen);

it('shows a time series as a line each, the largest first', () => {
  const fields = [
    { name: 'time', type: 'time' },
    { name: 'stops', type: 'number', labels: { reason: 'Kicked' } },
    { name: 'stops', type: 'number', config: { displayNameFromDS: 'Stale Connection' } },
  ];
  expect(
    lines(
      frame('timeseries-wide', fields, [
        [0, 60_000],
        [1, 0],
        [2, 4],
      ])
    )
  ).toEqual([
    'series            over time  sum',
    'Stale Connection  ▅█           6',
    'Kicked            █            1',
  ]);
});

it('shows totals as bars, and a single one as a number', () => {
  const field = (name: string) => ({ name: 'stops', type: 'number', config: { displayNameFromDS: name } });
  const [first, second] = lines(frame('numeric-wide', [field('a'), field('b')], [[1], [2]]));
  expect(first).toMatch(/^b +█+ +2$/);
  expect(second).toMatch(/^a +█+ +1$/);
  expect(lines(frame('numeric-wide', [field('Stops')], [[1_234]]))).toEqual(['1,234  Stops']);
});

it('shows rows with units, without columns that are hidden or empty', () => {
  const fields = [
    { name: 'time', type: 'time' },
    { name: 'pending_bytes', type: 'number', config: { unit: 'bytes' } },
    { name: 'secret', type: 'string', config: { custom: { hideFrom: { viz: true } } } },
    { name: 'mqtt_client', type: 'string' },
  ];
  const values = [[Date.UTC(2026, 0, 1, 12, 30)], [199_440], ['hidden'], ['']];
  expect(lines(frame(undefined, fields, values))).toEqual(['time      pending_bytes', '12:30:00       199.4 kB']);
});

it('says when there are no rows, and how many are not shown', () => {
  const fields = [{ name: 'n', type: 'number' }];
  expect(lines(frame(undefined, fields, [[]]))).toEqual(['(no rows)']);
  expect(lines(frame(undefined, fields, [Array.from({ length: 12 }, (_, i) => i)])).at(-1)).toBe('… and 2 more');
});

it('shows log lines by their time', () => {
  const fields = [
    { name: 'timestamp', type: 'time' },
    { name: 'body', type: 'string' },
    { name: 'severity', type: 'string' },
  ];
  expect(lines(frame('log-lines', fields, [[0], ['Kicked: checkout-1'], ['info']]))).toEqual([
    '00:00:00  Kicked: checkout-1',
  ]);
});

it('shows an error instead of nothing', () => {
  expect(resultLines({ error: 'No server answered.' }, screen)).toEqual(['No server answered.']);
});

it('shows a notice once, however many panels carry it', () => {
  const carrying: Result = {
    frames: [
      {
        schema: {
          fields: [],
          meta: { notices: [{ severity: 'warning', text: 'n3 is silent' }, { text: 'n1 started' }] },
        },
        data: { values: [] },
      },
    ],
  };
  expect(noticeLines([carrying, carrying], screen)).toEqual(['! n3 is silent', 'i n1 started']);
});

it('shows points in time as clocks without bars, the newest first', () => {
  const field = (name: string) => ({
    name: 'last_seen',
    type: 'number',
    config: { displayNameFromDS: name, unit: 'dateTimeAsIso' },
  });
  const fields = ['a', 'b', 'never'].map(field);
  const [newest, oldest, never] = lines(frame('numeric-wide', fields, [[1_000], [2_000], [0]]));
  expect(newest).toMatch(/^b +00:00:02$/);
  expect(oldest).toMatch(/^a +00:00:01$/);
  expect(never).toMatch(/^never +–$/);
});
