// A second installation beside node_modules: React 19, the newest Grafana packages, and the browser that they are tried in.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { packagesAreInstalled } from './bootstrap.mjs';
import { CACHE, ROOT, isMain, must, npmCommand } from './lib.mjs';

const FOLDER = path.join(CACHE, 'react-19');

/** Installs what tests/react-19 pins, unless it is there. */
export async function installReact19() {
  fs.mkdirSync(FOLDER, { recursive: true });
  for (const file of ['tests/react-19/package.json', 'tests/react-19/package-lock.json', '.npmrc']) {
    fs.copyFileSync(path.join(ROOT, file), path.join(FOLDER, path.basename(file)));
  }
  if (!packagesAreInstalled(FOLDER)) {
    process.stderr.write('Installing npm packages for React 19 …\n');
    // Some packages ask for a newer Node.js, or for an older React, than they need.
    await must(npmCommand, ['ci', '--prefix', FOLDER, '--ignore-scripts', '--loglevel', 'error']);
  }
  if (!process.env.CHROMIUM_PATH) {
    await unpackChromium();
    writeFonts();
  }
}

/** The package has Chromium packed, with the libraries that few servers have, as for one without any. */
async function unpackChromium() {
  const [unpacked, folder] = ['unpacking', 'chromium'].map((name) => path.join(FOLDER, name));
  if (fs.existsSync(folder)) {
    return;
  }
  fs.rmSync(unpacked, { recursive: true, force: true });
  fs.mkdirSync(unpacked);
  const module = pathToFileURL(path.join(FOLDER, 'node_modules', '@sparticuz', 'chromium', 'build', 'index.js'));
  const unpack = `const { default: chromium } = await import('${module}'); await chromium.executablePath();`;
  const env = { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
  await must(process.execPath, ['--input-type=module', '--eval', unpack], env);
  fs.renameSync(unpacked, folder);
}

/** Its own fonts, wherever it was unpacked: without any it crashes, and those of the system differ. */
function writeFonts() {
  const [fonts, cache] = ['chromium/fonts/fonts', 'fonts-cache'].map((name) => path.join(FOLDER, name));
  const file = path.join(FOLDER, 'fonts.conf');
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, `<fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>\n`);
}

if (isMain(import.meta.url)) {
  await installReact19();
}
