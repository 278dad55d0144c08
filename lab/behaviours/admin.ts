/** What operators do to connections. */
import { type Lab, anyApp } from '../lab';
import { within } from '../wait';
import { ANY_SERVER, type Behaviour } from './types';

// The server closes one connection a second, and its records go with it: several give time to see them.
const LAME_DUCK_CLIENTS = 6;

export const admin: Behaviour[] = [
  {
    id: 'kicked',
    about: 'an operator kicks a client over the system account',
    reason: 'Kicked',
    often: '1/m',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const { client, stop } = await lab.openAs(server, anyApp());
      await lab.system(server, `${stop.server_id}.KICK`, { cid: stop.cid });
      await within('the server kicking the client', client.closed);
      return [stop];
    },
  },
  {
    id: 'asked-to-leave',
    about: 'an operator asks one client over the system account to move on (lame duck notice), which it does',
    reason: 'Client Closed',
    often: '30/h',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const { client, stop } = await lab.openAs(server, anyApp());
      await lab.system(server, `${stop.server_id}.LDM`, { cid: stop.cid });
      await client.end();
      return [stop];
    },
  },
  {
    id: 'lame-duck',
    about: 'a server is drained for a restart and closes its clients one a second',
    reason: 'Server Shutdown',
    often: '6/h',
    servers: ['n3'],
    needsProcess: true,
    cause: async (lab, server, tell) => {
      if (!server.pid) {
        throw new Error(`${server.name} is only reached over the network: no request makes a server a lame duck`);
      }
      const opened: Array<Awaited<ReturnType<Lab['openAs']>>> = [];
      for (let i = 0; i < LAME_DUCK_CLIENTS; i++) {
        opened.push(await lab.openAs(server, anyApp()));
      }
      let left = opened.length;
      const ends = opened.map(async ({ client, stop }) => {
        await client.closed;
        left -= 1;
        // With its last client the server ends, and nobody can read that record.
        if (left > 0) {
          tell(stop);
        }
      });
      process.kill(server.pid, 'SIGUSR2');
      await within('the server closing its clients', Promise.all(ends), 60_000);
      return [];
    },
  },
];
