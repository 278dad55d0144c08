import { appOf, patternProblem } from './apps';

test.each([
  ['', '(unnamed)'],
  ['billing', 'billing'],
  ['billing-service-pod-3a7f', 'billing-service'],
  ['web-7d4b9c6f5d-x2x4z', 'web'],
  ['worker-2-7d4b9c6f5d-x2x4z', 'worker-2'],
  ['stream-reader-events', 'stream-reader-events'],
  ['db-0', 'db'],
  ['-7', '-7'],
])('%j is an instance of %s', (name, app) => {
  expect(appOf(name)).toBe(app);
});

test('own patterns replace the defaults, and broken ones cut nothing', () => {
  expect(appOf('db-0', ['(', '^d'])).toBe('b-0');
  expect(appOf('db-0', [])).toBe('db-0');
});

test.each([
  ['-[0-9]+$', undefined],
  ['(', 'This is not a regular expression.'],
  ['(?=x)', 'RE2 has no look-around and no back-references.'],
  ['(a)\\1', 'RE2 has no look-around and no back-references.'],
])('%s: %s', (pattern, sentence) => {
  expect(patternProblem(pattern)).toBe(sentence);
});
