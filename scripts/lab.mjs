// npm run lab: real servers, and clients whose connections stop in every way.
import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './lib.mjs';

await bootstrap();
await runTypeScript('lab/main.ts');
