// npm run build:backend: the backend in dist/, for this machine or with --all for every platform, as releases build it.
import fs from 'node:fs';
import path from 'node:path';

import { bootstrap } from './bootstrap.mjs';
import { CACHE, ROOT, goEnv, isMain, must } from './lib.mjs';

const MANIFEST = path.join(ROOT, 'dist', 'go_plugin_build_manifest');

/** Runs the mage target of Grafana's SDK. */
export async function buildBackend(all = false) {
  const env = { ...goEnv(), MAGEFILE_CACHE: path.join(CACHE, 'mage') };
  await must('go', ['tool', 'mage', all ? 'buildAll' : 'build:backend'], env);
  // The manifest is of the published source; Go's modules may lie in the cache, where there is no home.
  const lines = fs.readFileSync(MANIFEST, 'utf8').split('\n');
  fs.writeFileSync(MANIFEST, lines.filter((line) => !line.includes(':.cache/')).join('\n'));
}

if (isMain(import.meta.url)) {
  await bootstrap();
  await buildBackend(process.argv.includes('--all'));
}
