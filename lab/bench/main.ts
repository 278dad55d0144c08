/**
 * Measures this data source against real servers and against who does the same work otherwise, as ratios taken in one
 * run, and how its costs grow.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';

import { pinnedRelease } from '../binary';
import { type Host } from '../host';
import { startPlugin } from './asking';
import { crowd } from './crowd';
import { dashboard } from './dashboard';
import { history } from './history';
import { inside } from './inside';
import { type Report, asLines, asText, merged, writeInto } from './report';
import { live } from './live';
import { open } from './open';
import { ring } from './ring';
import { system } from './system';

/** Every group of benchmarks; each starts the servers it needs. */
const GROUPS: Record<string, (host: Host, rounds: number) => Promise<Report>> = {
  ring,
  inside,
  dashboard,
  crowd,
  open,
  live,
  system,
  history,
};

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    markdown: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const HELP = `npm run bench -- [options]

  --json            one JSON object a line: {"name","ratio","goal","pass"}
  --markdown FILE   also write the tables into this file, between its markers
  --rounds 15       how often each work is repeated; medians count
  --only ring       one group of ${Object.keys(GROUPS).join(', ')}
`;

async function introduction(rounds: number, load: number[]): Promise<string> {
  const go = execFileSync('go', ['env', 'GOOS', 'GOARCH', 'GOVERSION'], { encoding: 'utf8' }).trim().split('\n');
  const [system, processor, version] = go;
  const model = os.cpus()[0]?.model.trim() ?? 'unknown CPU';
  return [
    `Machine: ${model}, ${os.cpus().length} cores, ${system}/${processor}, ${version}, Node.js ${process.versions.node}.`,
    `Its load averages when the run began were ${load.map((one) => one.toFixed(2)).join(', ')}.`,
    `Servers: nats-server ${await pinnedRelease()}. Medians of ${rounds} rounds.`,
  ].join('\n');
}

async function bench(): Promise<void> {
  const rounds = Number(options.rounds);
  const load = os.loadavg();
  const chosen = options.only ? [GROUPS[options.only]] : Object.values(GROUPS);
  const host = await startPlugin();
  const reports: Report[] = [];
  try {
    for (const group of chosen) {
      if (!group) {
        throw new Error(`there is no group ${options.only ?? ''}; there are ${Object.keys(GROUPS).join(', ')}`);
      }
      reports.push(await group(host, rounds));
    }
  } finally {
    await host.close();
  }
  const report = merged(reports);
  if (options.markdown) {
    await writeInto(options.markdown, await introduction(rounds, load), report);
  }
  fs.writeSync(process.stdout.fd, options.json ? asLines(report) : asText(report));
}

if (options.help) {
  process.stdout.write(HELP);
} else {
  bench().then(
    () => process.exit(0),
    (cause: unknown) => {
      process.stderr.write(`bench: ${cause instanceof Error ? cause.message : String(cause)}\n`);
      process.exit(1);
    }
  );
}
