// Steps of a check run: one line each with its time; the output only of those that failed.
import { capture } from './lib.mjs';

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`.padStart(8);

/** Counts what passed and failed over all steps. */
export class Tally {
  passed = 0;
  failed = 0;

  /** Runs one step; `count` may tell tests apart by what it printed, otherwise the step counts as one. */
  async step(name, command, args, { env, count } = {}) {
    const started = Date.now();
    const { code, printed, output } = await capture(command, args, env);
    const { shown = output, ...counted } = count?.(printed) ?? { passed: 0, failed: 0 };
    // A command that fails without a failed test (it did not compile, say) is a failure all the same.
    const failed = counted.failed || (code !== 0 ? 1 : 0);
    const passed = counted.passed || (failed ? 0 : 1);
    this.passed += passed;
    this.failed += failed;
    const tests = counted.passed + counted.failed > 0 ? `  (${counted.passed + counted.failed} tests)` : '';
    process.stdout.write(`${failed ? 'FAIL' : 'ok  '} ${seconds(Date.now() - started)}  ${name}${tests}\n`);
    if (failed) {
      process.stdout.write(`${shown.trimEnd()}\n`);
    }
    return failed === 0;
  }

  /** Prints the last line and gives the exit code. */
  finish() {
    process.stdout.write(`${this.passed} passed, ${this.failed} failed\n`);
    return this.failed === 0 ? 0 : 1;
  }
}
