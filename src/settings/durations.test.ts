import { BACKGROUND_SYNC, SYNC_EVERY, durationProblem, seconds } from './durations';

test.each([
  ['0', 0],
  ['0s', 0],
  ['30s', 30],
  ['1.5s', 1.5],
  ['500ms', 0.5],
  ['1m30s', 90],
  ['1h', 3600],
])('%s is %d seconds', (text, expected) => {
  expect(seconds(text)).toBe(expected);
});

test.each(['', '30', 's', '30 s', '-1s', '1d', '1s later', '1,5s'])('%j is no duration', (text) => {
  expect(seconds(text)).toBeUndefined();
});

test.each([
  ['0s', true],
  ['1m', true],
  ['61s', false],
  ['soon', false],
])('one read may serve for %s: %s', (text, good) => {
  expect(durationProblem(text, SYNC_EVERY) === undefined).toBe(good);
});

test('what cannot be used is told with its limits', () => {
  expect(durationProblem('4s', BACKGROUND_SYNC)).toBe('Write a duration from 5s to 1h, such as 30s.');
  expect(durationProblem('2h', BACKGROUND_SYNC)).toMatch(/from 5s to 1h/);
});
