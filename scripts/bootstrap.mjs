// Makes a fresh clone ready: checks what has to be on the machine, installs packages and modules that are missing.
import fs from 'node:fs';
import path from 'node:path';

import { CACHE, ROOT, firstLine, isMain, must, npmCommand } from './lib.mjs';

const MIN_NODE = 20;

/** One sentence per missing prerequisite. */
function missing(go) {
  const found = [];
  if (Number(process.versions.node.split('.')[0]) < MIN_NODE) {
    found.push(`Node.js ${MIN_NODE} or newer is needed, this is ${process.versions.node}: see https://nodejs.org.`);
  }
  if (go && !firstLine('go', ['version'])) {
    found.push('Go is needed and "go" is not on the PATH: see https://go.dev/doc/install.');
  }
  const compilers = process.env.CC ? [process.env.CC] : ['cc', 'gcc', 'clang'];
  if (go && !compilers.some((compiler) => firstLine(compiler, ['--version']))) {
    found.push('A C compiler (gcc or clang) is needed for the race detector of the Go tests.');
  }
  return found;
}

const readJson = (file) => {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

/** Whether a folder's node_modules holds the versions of its package-lock.json; npm notes there what it installed. */
export function packagesAreInstalled(folder = ROOT) {
  const wanted = readJson(path.join(folder, 'package-lock.json'))?.packages ?? {};
  const installed = readJson(path.join(folder, 'node_modules', '.package-lock.json'))?.packages;
  return (
    installed !== undefined &&
    Object.entries(wanted).every(
      ([where, { version, optional }]) => where === '' || optional || installed[where]?.version === version
    )
  );
}

/** Downloads Go's modules once per go.sum. */
async function downloadModules() {
  const stamp = path.join(CACHE, 'modules.sum');
  const sums = fs.readFileSync(path.join(ROOT, 'go.sum'), 'utf8');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === sums) {
    return;
  }
  process.stderr.write('Downloading Go modules …\n');
  await must('go', ['mod', 'download']);
  fs.mkdirSync(CACHE, { recursive: true });
  fs.writeFileSync(stamp, sums);
}

/** Checks and installs, Go only where it is needed; ends the script with one sentence each when something is missing. */
export async function bootstrap({ go = true } = {}) {
  const sentences = missing(go);
  if (sentences.length > 0) {
    process.stderr.write(`${sentences.join('\n')}\n`);
    process.exit(1);
  }
  if (!packagesAreInstalled()) {
    process.stderr.write('Installing npm packages …\n');
    await must(npmCommand, ['ci', '--no-audit', '--no-fund']);
  }
  if (go) {
    await downloadModules();
  }
}

if (isMain(import.meta.url)) {
  await bootstrap();
}
