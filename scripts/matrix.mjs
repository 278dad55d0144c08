// npm run matrix: the tests that ask NATS servers, against each release line that is supported.
import { bootstrap } from './bootstrap.mjs';
import { countGo, countJest } from './count.mjs';
import { goEnv, isMain } from './lib.mjs';
import { Tally } from './steps.mjs';
import { gotestsum } from './tools.mjs';

/** The last releases of their lines; the newest is the one that go.mod pins. */
const RELEASES = ['2.9.25', '2.10.29', '2.11.12', '2.12.12', '2.14.9', '2.15.2'];

export const OLDEST = RELEASES[0];

/** What reads servers; those that have a history's stream are asked from outside. */
const PACKAGES = ['./pkg/source/httpmonitor', './pkg/source/natsrequest', './pkg/plugin'];

/** The lab brings its own server, and churn imitates some. */
const OF_NO_RELEASE = 'tests/integration/(reasons|dashboard|churn|findings|lab)';

/** Runs the tests against one release, inside and from outside; the first time on a machine builds it. */
export async function testAgainst(tally, release) {
  const NATS_SERVER_VERSION = release;
  await testGo(tally, `nats-server ${release}`, PACKAGES, { NATS_SERVER_VERSION });
  await testPlugin(tally, ['--testPathIgnorePatterns', OF_NO_RELEASE, '--', 'tests/integration'], {
    NATS_SERVER_VERSION,
  });
}

/**
 * Runs tests in Go with the race detector. Packages take turns: many of them run real servers, which would starve each
 * other on a small machine. Every time anew, since servers differ.
 */
export const testGo = async (tally, name, packages, more = {}) =>
  tally.step(name, await gotestsum(), ['--format', 'pkgname', '--', '-race', '-count', '1', '-p', '1', ...packages], {
    env: { ...goEnv(), CGO_ENABLED: '1', ...more },
    count: countGo,
  });

/** Runs the tests that ask the built plugin. */
export const testPlugin = (tally, args = [], more = {}) =>
  tally.step(
    ['the plugin from outside', ...Object.values(more)].join(', nats-server '),
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--config', 'jest.integration.config.js', '--json', '--maxWorkers', '2', ...args],
    { env: { ...goEnv(), ...more }, count: countJest }
  );

if (isMain(import.meta.url)) {
  await bootstrap();
  const tally = new Tally();
  for (const release of process.argv.length > 2 ? process.argv.slice(2) : RELEASES) {
    await testAgainst(tally, release);
  }
  process.exit(tally.finish());
}
