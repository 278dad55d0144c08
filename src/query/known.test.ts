import { defaultClass, knownValues } from './known';

const CRITICAL = 'Slow Consumer (Pending Bytes)';

test('reasons tell their severity by word, and their class', () => {
  expect(knownValues('reason').find(({ value }) => value === CRITICAL)?.description).toBe('critical, unexpected');
});

test.each([
  ['class', ['planned', 'unexpected']],
  ['severity', ['info', 'warning', 'error', 'critical']],
  ['identified', ['true', 'false']],
  ['account', []],
] as const)('%s is known to be one of %j', (key, values) => {
  expect(knownValues(key).map(({ value }) => value)).toEqual(values);
});

test('categories are there once', () => {
  const categories = knownValues('category').map(({ value }) => value);
  expect(categories).toContain('slow_consumer');
  expect(new Set(categories).size).toBe(categories.length);
});

test.each([
  [CRITICAL, 'unexpected'],
  ['Client Closed', 'planned'],
  ['a reason of tomorrow', 'unexpected'],
])('%s is %s by default', (reason, meant) => {
  expect(defaultClass(reason)).toBe(meant);
});
