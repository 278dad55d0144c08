/** The lab's servers as docker-compose.yaml runs them: each a host of its own name, all on the usual ports. */
import fs from 'node:fs';
import path from 'node:path';

import { selfSigned } from './certificate';
import { printed } from './nats-server';
import { SERVER_NAMES, serverConfig } from './topology';

export const COMPOSE_PORTS = { nats: 4222, monitor: 8222, cluster: 6222, mqtt: 1883 } as const;

/** The files that the servers' shared folder holds, by name. */
export function composeFiles(dir: string): Record<string, string> {
  const routes = SERVER_NAMES.map((name) => `${name}:${COMPOSE_PORTS.cluster}`);
  const { cert, key } = selfSigned(['localhost', '127.0.0.1', ...SERVER_NAMES]);
  const configs = SERVER_NAMES.map((name) => {
    const plan = { name, host: '0.0.0.0', ports: COMPOSE_PORTS, routes, dir };
    return [`${name}.conf`, printed(serverConfig(plan))];
  });
  return { ...Object.fromEntries(configs), 'cert.pem': cert, 'key.pem': key };
}

function main(dir: string | undefined): void {
  if (!dir) {
    throw new Error('say which folder: node scripts/compose.mjs <folder>');
  }
  fs.mkdirSync(dir, { recursive: true });
  for (const [name, content] of Object.entries(composeFiles(dir))) {
    fs.writeFileSync(path.join(dir, name), content, { mode: 0o600 });
  }
}

if (process.env.JEST_WORKER_ID === undefined) {
  main(process.argv[2]);
}
