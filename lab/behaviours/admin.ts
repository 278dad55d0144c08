/** What operators do to connections. */
import { type Client, type Stop, anyApp } from '../lab';
import { within } from '../wait';
import { ANY_SERVER, type Behaviour } from './types';

// The server closes one connection a second, and its records go with it: several give time to see them.
const LAME_DUCK_CLIENTS = 6;

export const admin: Behaviour[] = [
  {
    id: 'kicked',
    about: 'an operator kicks a client over the system account',
    reason: 'Kicked',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const { client, stop } = await lab.openAs(server, anyApp());
      await lab.system(server, stop.server_id, 'KICK', { cid: stop.cid });
      await within('the server kicking the client', client.closed);
      return [stop];
    },
  },
  {
    id: 'asked-to-leave',
    about: 'an operator asks one client over the system account to move on (lame duck notice), which it does',
    reason: 'Client Closed',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const { client, stop } = await lab.openAs(server, anyApp());
      await lab.system(server, stop.server_id, 'LDM', { cid: stop.cid });
      await client.end();
      return [stop];
    },
  },
  {
    id: 'lame-duck',
    about: 'a server is drained for a restart and closes its clients one a second',
    reason: 'Server Shutdown',
    servers: ['n3'],
    needsProcess: true,
    cause: async (lab, server) => {
      if (!server.pid) {
        throw new Error(`${server.name} is only reached over the network: no request makes a server a lame duck`);
      }
      const opened: Array<{ client: Client; stop: Omit<Stop, 'reason'> }> = [];
      for (let i = 0; i < LAME_DUCK_CLIENTS; i++) {
        opened.push(await lab.openAs(server, anyApp()));
      }
      process.kill(server.pid, 'SIGUSR2');
      await within('the first client being closed', Promise.race(opened.map(({ client }) => client.closed)), 40_000);
      return opened.map(({ stop }) => stop);
    },
  },
];
