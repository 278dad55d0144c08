// npm test: everything that has to hold, from formatting to the built binary answering over gRPC.
import path from 'node:path';

import { bootstrap } from './bootstrap.mjs';
import { countJest } from './count.mjs';
import { CACHE, goEnv, npmCommand } from './lib.mjs';
import { OLDEST, testAgainst, testGo, testPlugin } from './matrix.mjs';
import { installReact19 } from './react19.mjs';
import { Tally } from './steps.mjs';
import { golangciLint } from './tools.mjs';

await bootstrap();
await installReact19();
const tally = new Tally();

const npm = (script, ...args) => tally.step(`npm run ${script}`, npmCommand, ['run', '--silent', script, ...args]);

const jest = (config) =>
  tally.step(
    `jest ${config}`,
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--config', config, '--json', '--maxWorkers', '2'],
    { count: countJest }
  );

await npm('generate', '--', '--check');
await npm('typecheck');
await npm('lint');
await jest('jest.config.js');
await jest('jest.react19.config.js');
await jest('jest.node.config.js');
await npm('build');
await jest('jest.browser.config.js');
await npm('build:backend');
await tally.step('golangci-lint', await golangciLint(), ['run', './...'], {
  env: { ...goEnv(), GOLANGCI_LINT_CACHE: path.join(CACHE, 'golangci') },
});
await testGo(tally, 'go test -race', ['./...']);
await testPlugin(tally);
await testAgainst(tally, OLDEST);
process.exit(tally.finish());
