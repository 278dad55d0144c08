/** Clients that leave: in good order, killed, with a reset, or without ever having said who they are. */
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { spawnGuarded } from '../children';
import { anyApp, identity, stopOf, where } from '../lab';
import { type Info, addressOf } from '../raw-client';
import { within } from '../wait';
import { ANY_SERVER, type Behaviour } from './types';

const CLIENT_CLOSED = 'Client Closed';

export const leaving: Behaviour[] = [
  {
    id: 'clean-close',
    about: 'a client drains and closes, as at every rollout',
    reason: CLIENT_CLOSED,
    often: '30/m',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const { client, stop } = await lab.openAs(server, anyApp());
      client.send('SUB work 1\r\nUNSUB 1\r\n');
      await client.flush();
      await client.end();
      return [stop];
    },
  },
  {
    id: 'killed',
    about: 'a client process is killed (kill -9, out of memory); the kernel closes its socket',
    reason: CLIENT_CLOSED,
    often: '2/m',
    servers: ANY_SERVER,
    cause: async (_, server) => {
      const app = anyApp();
      const who = identity(app);
      const { host, port } = addressOf(server.url);
      const args = [path.join(__dirname, 'victim.mjs'), host, String(port), JSON.stringify(who)];
      const child = spawnGuarded(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      if (!child.stdout) {
        throw new Error('the client process has no output');
      }
      const exit = once(child, 'exit');
      const ready = once(createInterface({ input: child.stdout }), 'line');
      const [line] = (await within('the client process', ready)) as [string];
      await exit;
      return [stopOf({ info: JSON.parse(line) as Info }, app, who)];
    },
  },
  {
    id: 'reset',
    about: 'a TCP reset, as from a crashed node or a firewall',
    reason: 'Read Error',
    often: '4/m',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const { client, stop } = await lab.openAs(server, anyApp());
      client.reset();
      await client.closed;
      return [stop];
    },
  },
  {
    id: 'port-probe',
    about: 'a load balancer or scanner connects and closes without a word (never identified)',
    reason: CLIENT_CLOSED,
    often: '12/m',
    servers: ['n1', 'n3'],
    cause: async (lab, server) => {
      const client = await lab.open(server);
      await client.end();
      return [where(client)];
    },
  },
];
