// Tells from what test runners print how many tests passed and failed. One that was skipped did not pass, and none at
// all is not what was asked for. `shown` is what explains failures, if that is less than all that was printed.

/** Reads what `jest --json` printed. */
export function countJest(output) {
  const report = parsed(output.slice(output.indexOf('{"numFailedTestSuites"')));
  if (!report) {
    return { passed: 0, failed: 1 };
  }
  const failures = report.testResults.filter(({ status }) => status === 'failed').map(({ message }) => message);
  const skipped = report.numPendingTests + report.numTodoTests;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites + skipped,
    shown: skipped ? `${failures.join('\n')}\n${skipped} tests were skipped` : failures.join('\n'),
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads gotestsum's last line. */
export function countGo(output) {
  const last = /^DONE (\d+) tests?(?:, (\d+) skipped)?(?:, (\d+) failures?)?(?:, (\d+) errors?)? in /m.exec(output);
  const [tests, skipped, failures, errors] = (last ?? []).slice(1).map((number) => Number(number ?? 0));
  if (!tests) {
    return { passed: 0, failed: 1 };
  }
  return { passed: Math.max(tests - skipped - failures, 0), failed: skipped + failures + errors };
}
