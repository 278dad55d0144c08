// npm run bench: the benchmarks against real servers; arguments go to them.
import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './lib.mjs';

await bootstrap();
await runTypeScript('lab/bench/main.ts');
