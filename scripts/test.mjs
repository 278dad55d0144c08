// npm test: everything that has to hold, from formatting to the built binary answering over gRPC.
import fs from 'node:fs';
import path from 'node:path';

import { bootstrap } from './bootstrap.mjs';
import { CACHE, goEnv, must } from './lib.mjs';
import { OLDEST, testAgainst, testPlugin } from './matrix.mjs';
import { Tally, countGo, countJest } from './steps.mjs';

const GOLANGCI_VERSION = 'v2.15.0';
const GOLANGCI = path.join(CACHE, 'bin', `golangci-lint-${GOLANGCI_VERSION}`);

const node = (tally, name, script, args, options) =>
  tally.step(name, process.execPath, [path.join('node_modules', script), ...args], options);

const jest = (tally, config) =>
  node(tally, `jest ${config}`, 'jest/bin/jest.js', ['--config', config, '--json', '--maxWorkers', '2'], {
    count: countJest,
  });

async function typescript(tally) {
  for (const project of [
    'tsconfig.json',
    'lab/tsconfig.json',
    'dashboards/tsconfig.json',
    'tests/docs/tsconfig.json',
    'tests/integration/tsconfig.json',
    'tests/field/tsconfig.json',
  ]) {
    await node(tally, `tsc ${project}`, 'typescript/bin/tsc', ['--noEmit', '-p', project]);
  }
  await node(tally, 'eslint', 'eslint/bin/eslint.js', [
    '--cache',
    '--cache-location',
    '.cache/eslint',
    '--max-warnings',
    '0',
    '.',
  ]);
  await node(tally, 'prettier', 'prettier/bin/prettier.cjs', [
    '--cache',
    '--cache-location',
    '.cache/prettier',
    '--check',
    '.',
  ]);
  await jest(tally, 'jest.config.js');
  await jest(tally, 'jest.node.config.js');
  const webpack = ['-c', './.config/webpack/webpack.config.ts', '--env', 'production'];
  await node(tally, 'build frontend', 'webpack/bin/webpack.js', webpack);
}

/** Builds the linter once: it is a tool of this version, not a dependency of the module. */
async function buildLinter() {
  if (!fs.existsSync(GOLANGCI)) {
    process.stderr.write(`Building golangci-lint ${GOLANGCI_VERSION}, once …\n`);
    const GOBIN = path.dirname(GOLANGCI);
    const module = `github.com/golangci/golangci-lint/v2/cmd/golangci-lint@${GOLANGCI_VERSION}`;
    await must('go', ['install', module], { ...goEnv(), GOBIN });
    fs.renameSync(path.join(GOBIN, 'golangci-lint'), GOLANGCI);
  }
}

async function go(tally) {
  await tally.step('gofmt', 'gofmt', ['-l', 'pkg', 'internal', 'lab', 'scripts', 'Magefile.go'], {
    failsOnOutput: true,
  });
  await tally.step('go vet', 'go', ['vet', './...']);
  await buildLinter();
  const env = { ...goEnv(), GOLANGCI_LINT_CACHE: path.join(CACHE, 'golangci') };
  await tally.step('golangci-lint', GOLANGCI, ['run', './...'], { env });
}

await bootstrap();
const tally = new Tally();
await tally.step('generated files', process.execPath, ['scripts/generate.mjs', '--check']);
await typescript(tally);
await go(tally);
await tally.step('build backend', process.execPath, ['scripts/build-backend.mjs']);
// Packages take turns: many of them run real servers, which would starve each other on a small machine. Every time
// anew: Go does not know that the answers of a test depend on the plugin's binary, and would repeat those it remembers.
await tally.step('go test -race', 'go', ['test', '-race', '-count', '1', '-p', '1', '-json', './...'], {
  env: { ...goEnv(), CGO_ENABLED: '1' },
  count: countGo,
});
await testPlugin(tally);
await testAgainst(tally, OLDEST);
process.exit(tally.finish());
