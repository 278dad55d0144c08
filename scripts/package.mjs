// npm run package: the plugin as Grafana installs it, for every platform, in one zip file.
import fs from 'node:fs';
import path from 'node:path';

import { bootstrap } from './bootstrap.mjs';
import { buildBackend } from './build-backend.mjs';
import { buildFrontend } from './build-frontend.mjs';
import { ROOT, must } from './lib.mjs';

const readJson = (...parts) => JSON.parse(fs.readFileSync(path.join(ROOT, ...parts), 'utf8'));

await bootstrap();
fs.rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true });
await buildFrontend();
await buildBackend(true);
const { id } = readJson('src', 'plugin.json');
const file = `${id}-${readJson('package.json').version}.zip`;
await must('go', ['run', './scripts/package', id, file]);
process.stdout.write(`${file}\n`);
