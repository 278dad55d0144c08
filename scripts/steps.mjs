// Steps of a check run: one line each with its time; the output only of those that failed.
import { capture } from './lib.mjs';

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`.padStart(8);

/** Counts what passed and failed over all steps. */
export class Tally {
  passed = 0;
  failed = 0;

  /** Runs one step; `count` may tell tests apart by the output, otherwise the step counts as one. */
  async step(name, command, args, { env, count, failsOnOutput = false } = {}) {
    const started = Date.now();
    const { code, output } = await capture(command, args, env);
    const broken = code !== 0 || (failsOnOutput && output.trim() !== '');
    const counted = count?.(output) ?? { passed: 0, failed: 0, shown: output };
    // A command that fails without a failed test (it did not compile, say) is a failure all the same.
    const failed = counted.failed || (broken ? 1 : 0);
    const passed = counted.passed || (failed ? 0 : 1);
    this.passed += passed;
    this.failed += failed;
    const tests = counted.passed + counted.failed > 0 ? `  (${counted.passed + counted.failed} tests)` : '';
    process.stdout.write(`${failed ? 'FAIL' : 'ok  '} ${seconds(Date.now() - started)}  ${name}${tests}\n`);
    if (failed) {
      process.stdout.write(`${counted.shown.trimEnd()}\n`);
    }
    return failed === 0;
  }

  /** Prints the last line and gives the exit code. */
  finish() {
    process.stdout.write(`${this.passed} passed, ${this.failed} failed\n`);
    return this.failed === 0 ? 0 : 1;
  }
}

/** Reads what `jest --json` printed; a test that was skipped did not pass. */
export function countJest(output) {
  const start = output.indexOf('{"numFailedTestSuites"');
  if (start < 0) {
    return { passed: 0, failed: 0, shown: output };
  }
  const report = JSON.parse(output.slice(start, output.lastIndexOf('}') + 1));
  const failures = report.testResults.filter(({ status }) => status === 'failed').map(({ message }) => message);
  const skipped = report.numPendingTests + report.numTodoTests;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites + skipped,
    shown: skipped ? `${failures.join('\n')}\n${skipped} tests were skipped` : failures.join('\n'),
  };
}

/** Reads what `go test -json` printed; a test that was skipped did not pass. */
export function countGo(output) {
  const tally = { passed: 0, failed: 0, shown: '' };
  const logs = new Map();
  const loose = [];
  for (const line of output.split('\n')) {
    const event = parseEvent(line);
    if (!event) {
      loose.push(line);
      continue;
    }
    const key = event.ImportPath ?? `${event.Package} ${event.Test ?? ''}`;
    if (event.Output) {
      logs.set(key, (logs.get(key) ?? '') + event.Output);
    }
    const failed = event.Action === 'fail' || event.Action === 'build-fail' || (event.Action === 'skip' && event.Test);
    if (failed) {
      tally.failed += event.Test ? 1 : 0;
      tally.shown += `${logs.get(key) ?? ''}`;
    } else if (event.Action === 'pass' && event.Test) {
      tally.passed += 1;
    }
    if (event.Test && ['pass', 'fail', 'skip'].includes(event.Action)) {
      logs.delete(key);
    }
  }
  tally.shown += loose.join('\n');
  return tally;
}

function parseEvent(line) {
  try {
    return line.startsWith('{') ? JSON.parse(line) : undefined;
  } catch {
    return undefined;
  }
}
