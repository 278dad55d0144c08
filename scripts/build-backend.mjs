// Builds the plugin's backend into dist/, with the names, flags and manifest of the SDK's own mage target.
//   node scripts/build-backend.mjs [--all]
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { bootstrap } from './bootstrap.mjs';
import { ROOT, firstLine, goEnv, isMain, must } from './lib.mjs';

const DIST = path.join(ROOT, 'dist');
const RELEASE = ['linux/amd64', 'linux/arm64', 'linux/arm', 'darwin/amd64', 'darwin/arm64', 'windows/amd64'];

const readJson = (...parts) => JSON.parse(fs.readFileSync(path.join(ROOT, ...parts), 'utf8'));

/** The last commit's time, so that the same source gives the same binary. */
function buildTime() {
  const seconds = Number(firstLine('git', ['-C', ROOT, 'log', '-1', '--format=%ct']));
  return seconds ? seconds * 1000 : Date.now();
}

function linkerFlags() {
  const { id: pluginID } = readJson('src', 'plugin.json');
  const { version } = readJson('package.json');
  const info = JSON.stringify({ time: buildTime(), pluginID, version });
  return [
    '-w -s -extldflags "-static"',
    `-X 'github.com/grafana/grafana-plugin-sdk-go/build/buildinfo.buildInfoJSON=${info}'`,
    `-X 'main.pluginID=${pluginID}'`,
    `-X 'main.version=${version}'`,
  ].join(' ');
}

/** Where the backend for this platform is built; `go env` style names. */
export function binaryPath(goos, goarch) {
  const { executable } = readJson('src', 'plugin.json');
  return path.join(DIST, `${executable}_${goos}_${goarch}${goos === 'windows' ? '.exe' : ''}`);
}

/** This machine's platform, as Go names it. */
export function hostPlatform() {
  return [firstLine('go', ['env', 'GOOS']), firstLine('go', ['env', 'GOARCH'])];
}

/** The hash and path of every Go file, which Grafana's validator compares with the published source. */
function manifest() {
  const lines = [];
  const walk = (folder) => {
    for (const entry of fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).sort(byName)) {
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory() && !['node_modules', '.cache', '.git', 'dist'].includes(entry.name)) {
        walk(file);
      } else if (entry.isFile() && entry.name.endsWith('.go')) {
        const hash = createHash('sha256')
          .update(fs.readFileSync(path.join(ROOT, file)))
          .digest('hex');
        lines.push(`${hash}:${file}\n`);
      }
    }
  };
  walk('');
  return lines.join('');
}

const byName = (a, b) => (a.name < b.name ? -1 : 1);

/** Builds for this machine, or for every platform of a release. */
export async function buildBackend(all = false) {
  const platforms = all ? RELEASE.map((platform) => platform.split('/')) : [hostPlatform()];
  const flags = ['-tags', 'arrow_json_stdlib', '-ldflags', linkerFlags()];
  for (const [GOOS, GOARCH] of platforms) {
    const env = { ...goEnv(), CGO_ENABLED: '0', GOOS, GOARCH };
    await must('go', ['build', '-o', binaryPath(GOOS, GOARCH), ...flags, './pkg'], env);
  }
  fs.writeFileSync(path.join(DIST, 'go_plugin_build_manifest'), manifest());
}

if (isMain(import.meta.url)) {
  await bootstrap();
  await buildBackend(process.argv.includes('--all'));
}
