/** Go programs: this plugin as it is released, and in the cache nats-server in the version that go.mod pins. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

export const ROOT = path.resolve(__dirname, '..');
export const CACHE = path.join(ROOT, '.cache');

const exe = process.platform === 'win32' ? '.exe' : '';
const run = promisify(execFile);

const NATS_SERVER = 'github.com/nats-io/nats-server/v2';

/** Runs a Go command in this module; what it printed. */
export async function go(args: string[], more: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await run('go', args, { cwd: ROOT, env: { ...process.env, CGO_ENABLED: '0', ...more } });
  return stdout.trim();
}

/** Builds a Go program of this module into the cache and gives its path; Go's own cache makes the second time quick. */
export async function buildGo(name: string, pkg: string): Promise<string> {
  const binary = path.join(CACHE, name + exe);
  await go(['build', '-buildvcs=false', '-tags', 'arrow_json_stdlib', '-o', binary, pkg]);
  return binary;
}

/** Builds this plugin as it is released, and gives the path of its binary. */
export async function buildPlugin(): Promise<string> {
  await run(process.execPath, ['scripts/build-backend.mjs'], { cwd: ROOT });
  const [os, arch] = (await go(['env', 'GOOS', 'GOARCH'])).split('\n');
  return path.join(ROOT, 'dist', `gpx_nats_connections_${os}_${arch}${exe}`);
}

export const buildServer = (): Promise<string> => buildGo('nats-server', NATS_SERVER);

/** The release of nats-server that go.mod pins, such as 2.15.2. */
export const pinnedRelease = async (): Promise<string> =>
  (await go(['list', '-m', '-f', '{{.Version}}', NATS_SERVER])).replace(/^v/, '');

/** Builds a release of nats-server, once per clone. */
export const buildRelease = (release: string): Promise<string> =>
  install('nats-server', `${NATS_SERVER}@v${release}`, path.join('nats-servers', release));

/** Installs a Go program into a folder of the cache, unless it is there. */
export async function install(name: string, pkg: string, folder: string): Promise<string> {
  const GOBIN = path.join(CACHE, folder);
  const binary = path.join(GOBIN, name + exe);
  if (!fs.existsSync(binary)) {
    await go(['install', '-buildvcs=false', pkg], { GOBIN });
  }
  return binary;
}
