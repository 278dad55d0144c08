// npm run demo: the lab, the built backend and every query of the provisioned dashboards, in the terminal.
import { bootstrap } from './bootstrap.mjs';
import { buildFrontend } from './build-frontend.mjs';
import { runTypeScript } from './lib.mjs';

await bootstrap();
process.stderr.write('Building frontend and backend …\n');
await buildFrontend();
await runTypeScript('lab/demo.ts');
