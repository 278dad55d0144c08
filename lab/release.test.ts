import { has } from './release';

test.each([
  ['2.9.25', false],
  ['2.10.25', false],
  ['2.10.26', true],
  ['2.11.0', true],
  ['2.12.12', true],
  ['2.15.2', true],
])('a change of 2.10.26 and 2.11.0 in %s: %s', (release, there) => {
  expect(has(release, '2.10.26', '2.11.0')).toBe(there);
});

test.each([
  ['2.11.14', false],
  ['2.10.29', false],
  ['2.14.9', true],
])('a change in two lines of three, in %s: %s', (release, there) => {
  expect(has(release, '2.11.15', '2.12.6')).toBe(there);
});
