import { countGo, countJest } from './count.mjs';

const report = (more) =>
  JSON.stringify({
    numFailedTestSuites: 0,
    numFailedTests: 0,
    numPassedTests: 3,
    numPendingTests: 0,
    numRuntimeErrorTestSuites: 0,
    numTodoTests: 0,
    testResults: [],
    ...more,
  });

it.each([
  ['✓  a (5ms)\n\nDONE 12 tests in 0.011s\n', 12, 0],
  ['DONE 1 tests in 0.005s', 1, 0],
  ['DONE 5 tests, 1 skipped, 2 failures, 1 error in 0.011s', 2, 4],
  ['DONE 5 tests, 1 skipped in 0.011s', 4, 1],
  ['DONE 0 tests in 0.010s', 0, 1],
  ['gotestsum: not found', 0, 1],
])('%j of gotestsum: %d passed, %d failed', (output, passed, failed) => {
  expect(countGo(output)).toEqual(expect.objectContaining({ passed, failed }));
});

it.each([
  [`some words\n${report({})}`, 3, 0],
  [report({ numFailedTests: 2 }), 3, 2],
  [report({ numPendingTests: 1 }), 3, 1],
  [report({ numTodoTests: 1 }), 3, 1],
  [report({ numRuntimeErrorTestSuites: 1 }), 3, 1],
  ['jest: not found', 0, 1],
])('%s of jest: %d passed, %d failed', (output, passed, failed) => {
  expect(countJest(output)).toEqual(expect.objectContaining({ passed, failed }));
});
