/** What can only be measured inside of the plugin: decoding, and what is kept. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { CACHE, buildGo } from '../binary';
import { type Host } from '../host';
import { type Report } from './report';

const run = promisify(execFile);

/** Those that are measured with the whole plugin here. */
const MEASURED_OUTSIDE = /÷ (bare download|curl and jq|allowed)$/;

export async function inside(_: Host, rounds: number): Promise<Report> {
  const binary = await buildGo('bench', './lab/bench');
  const { stdout } = await run(binary, ['-rounds', `${rounds}`], { cwd: CACHE, maxBuffer: 1 << 24 });
  const { results, tables } = JSON.parse(stdout) as Report;
  return { results: results.filter(({ name }) => !MEASURED_OUTSIDE.test(name)), tables };
}
