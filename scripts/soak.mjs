// npm run soak -- 1h: clients, two Grafanas with one history, dashboards, rules and a live tail, for as long as it is said.
import { spawnSync } from 'node:child_process';

import { bootstrap } from './bootstrap.mjs';
import { goEnv, ROOT } from './lib.mjs';

const UNITS = { s: 1, m: 60, h: 3_600 };
const length = process.argv[2] ?? '1h';
const [, number, unit] = /^(\d+)([smh])$/.exec(length) ?? [];
if (!number) {
  console.error(`"${length}" is no length: write 30s, 10m or 1h.`);
  process.exit(2);
}

await bootstrap();
const { status } = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '--config', 'jest.integration.config.js', 'tests/integration/soak'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      SOAK_PER_SECOND: '1000',
      SOAK_TELLS: '1',
      ...goEnv(),
      SOAK_SECONDS: String(Number(number) * UNITS[unit]),
    },
  }
);
process.exit(status ?? 1);
