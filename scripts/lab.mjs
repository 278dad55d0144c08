// npm run lab: real servers, and clients whose connections stop in every way.
import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './lib.mjs';

// Servers that run already need not be built: in a container there is no Go.
await bootstrap({ go: !process.argv.some((argument) => argument.startsWith('--servers')) });
await runTypeScript('lab/main.ts');
