// npm run generate: writes what is generated from Go's tables, from dashboards/, from docs/ and from the frontend's
// texts, as prettier lays it out; --check only tells whether it is up to date.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { bootstrap } from './bootstrap.mjs';
import { ROOT, goEnv, runTypeScript } from './lib.mjs';

/** Texts by path, from the generator in Go. */
function fromGo() {
  const options = { cwd: ROOT, env: goEnv(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
  const { status, stdout } = spawnSync('go', ['run', './scripts/generate'], options);
  return status === 0 ? JSON.parse(stdout) : process.exit(status ?? 1);
}

await bootstrap();
const check = process.argv.includes('--check');
const prettier = await import('prettier');
const { catalog } = await import('./catalog.mjs');
const { english } = await import('./locales/locales.mjs');

/** Writes what differs, or tells it; returns how many files do. */
async function bring(texts) {
  let drifted = 0;
  for (const [file, text] of Object.entries(texts)) {
    const filepath = path.join(ROOT, file);
    const wanted = await prettier.format(text, { ...(await prettier.resolveConfig(filepath)), filepath });
    if (fs.existsSync(filepath) && fs.readFileSync(filepath, 'utf8') === wanted) {
      continue;
    }
    process.stdout.write(check ? `${file} is not what npm run generate writes\n` : `wrote ${file}\n`);
    drifted += 1;
    if (!check) {
      fs.mkdirSync(path.dirname(filepath), { recursive: true });
      fs.writeFileSync(filepath, wanted);
    }
  }
  return drifted;
}

// Dashboards and rules are made of what Go's tables say, so that is brought first.
const fromTables = await bring(fromGo());
const { outputs } = await runTypeScript('dashboards/outputs.ts');
const drifted = fromTables + (await bring({ ...outputs(), ...english(), ...catalog() }));
process.exit(check && drifted > 0 ? 1 : 0);
