/** Go programs, built into the cache: this plugin, and nats-server in the version that go.mod pins. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

export const ROOT = path.resolve(__dirname, '..');
export const CACHE = path.join(ROOT, '.cache');

const exe = process.platform === 'win32' ? '.exe' : '';
const run = promisify(execFile);

/** Builds a Go program of this module into the cache and gives its path; Go's own cache makes the second time quick. */
export async function buildGo(name: string, pkg: string): Promise<string> {
  const binary = path.join(CACHE, name + exe);
  await run('go', ['build', '-buildvcs=false', '-o', binary, pkg], {
    cwd: ROOT,
    env: { ...process.env, CGO_ENABLED: '0' },
  });
  return binary;
}

export const buildServer = (): Promise<string> => buildGo('nats-server', 'github.com/nats-io/nats-server/v2');
export const buildPlugin = (): Promise<string> => buildGo('gpx_nats_connections', './pkg');
