/** Who does the same work otherwise. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';

import { install } from '../binary';
import { type NatsServer } from '../nats-server';

const run = promisify(execFile);

/** What reads a whole ring. */
export const RING_PATH = '/connz?state=closed&auth=1&sort=stop&limit=16384';

/** Counts stops by reason the way people do without this plugin. */
const RECIPE = '[.connections[].reason] | group_by(.) | map({reason: .[0], count: length}) | sort_by(-.count)';

/** The release of the command-line tool that is compared with. */
export const NATS_CLI = 'v0.5.1';

const agent = new http.Agent({ keepAlive: true });

/** Reads an answer over a connection that stays, and drops it; how many bytes it had. */
export const download = (url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = http.get(url, { agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.once('end', () => resolve(bytes)).once('error', reject);
    });
    request.once('error', reject);
  });

/** Whether curl and jq are there to be compared with. */
export const hasCurlAndJq = async (): Promise<boolean> => {
  try {
    await Promise.all([run('curl', ['--version']), run('jq', ['--version'])]);
    return true;
  } catch {
    return false;
  }
};

export async function curlAndJq(url: string): Promise<void> {
  const curl = spawn('curl', ['-s', url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const jq = spawn('jq', [RECIPE], { stdio: [curl.stdout, 'ignore', 'inherit'] });
  const [code] = (await once(jq, 'exit')) as [number | null];
  if (code !== 0) {
    throw new Error(`jq ended with ${code ?? 'a signal'}`);
  }
}

/** natscli's executable, built once per clone; nothing where it cannot be built. */
export async function buildNatsCli(): Promise<string | undefined> {
  try {
    return await install('nats', `github.com/nats-io/natscli/nats@${NATS_CLI}`, path.join('natscli', NATS_CLI));
  } catch (cause) {
    process.stderr.write(`without natscli, which does not build: ${String(cause)}\n`);
    return undefined;
  }
}

/** What an operator asks natscli. */
export const reportClosed = (cli: string, server: NatsServer, user: string, password: string): Promise<unknown> => {
  const login = ['--server', server.url, '--user', user, '--password', password];
  return run(cli, [...login, 'server', 'report', 'connections', '--state', 'closed'], { maxBuffer: 1 << 28 });
};
