// Writes the configuration of docker-compose.yaml's NATS servers into a folder; run there, in a container without Go.
//   node scripts/compose.mjs <folder>
import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './lib.mjs';

await bootstrap({ go: false });
await runTypeScript('lab/compose.ts');
