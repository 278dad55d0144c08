// npm run bench: the benchmarks against real servers; arguments go to them.
import { spawn } from 'node:child_process';

import { bootstrap } from './bootstrap.mjs';
import { buildBackend } from './build-backend.mjs';
import { ROOT, goEnv } from './lib.mjs';

await bootstrap();
await buildBackend();
const args = ['run', './lab/bench', ...process.argv.slice(2)];
spawn('go', args, { cwd: ROOT, env: goEnv(), stdio: 'inherit' }).once('close', (code) => process.exit(code ?? 1));
