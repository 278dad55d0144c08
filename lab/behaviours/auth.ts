/** Clients that never get in. */
import tls from 'node:tls';

import { type Lab, type LabServer, type Unexplained, identity, where } from '../lab';
import { appNamed, instanceName } from '../names';
import { within } from '../wait';
import { ANY_SERVER, type Behaviour } from './types';

const FAILURE = 'Authentication Failure';
const APP = appNamed('billing-service');
const BURST = 12;
const PODS = 4;

async function wrongPassword(lab: Lab, server: LabServer, name = instanceName(APP)): Promise<Unexplained> {
  const client = await lab.open(server);
  const who = identity(APP, name);
  client.sendConnect({ ...who, pass: 'rotated-last-week' });
  await within('the server refusing a wrong password', client.closed);
  return { ...where(client), user: who.user, name };
}

export const auth: Behaviour[] = [
  {
    id: 'auth-failure',
    about: 'one client with a wrong password',
    reason: FAILURE,
    often: '2/m',
    servers: ANY_SERVER,
    cause: async (lab, server) => [await wrongPassword(lab, server)],
  },
  {
    id: 'auth-failure-burst',
    about: `${BURST} refusals of ${PODS} pods of one app whose secret was rotated`,
    reason: FAILURE,
    often: '1/m',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const pods = Array.from({ length: PODS }, () => instanceName(APP));
      const stops = [];
      for (let attempt = 0; attempt < BURST / PODS; attempt++) {
        stops.push(...(await Promise.all(pods.map((name) => wrongPassword(lab, server, name)))));
      }
      return stops;
    },
  },
  {
    id: 'auth-timeout',
    about: 'a client connects and never sends CONNECT',
    reason: 'Authentication Timeout',
    often: '1/m',
    servers: ['n1', 'n3'],
    cause: async (lab, server) => {
      const client = await lab.open(server);
      await within('the server giving up waiting for CONNECT', client.closed);
      return [where(client)];
    },
  },
  {
    id: 'tls-handshake',
    about: 'a client that only speaks TLS 1.1',
    reason: 'TLS Handshake Failure',
    often: '2/m',
    servers: ['n2'],
    cause: async (lab, server) => {
      const client = await lab.open(server);
      client.socket.removeAllListeners('data');
      const secure = tls.connect({
        socket: client.socket,
        rejectUnauthorized: false,
        minVersion: 'TLSv1.1',
        maxVersion: 'TLSv1.1',
        // OpenSSL 3 offers TLS 1.1 at this level only.
        ciphers: 'DEFAULT:@SECLEVEL=0',
      });
      secure.on('error', () => undefined);
      await within('the server refusing the handshake', client.closed);
      return [where(client)];
    },
  },
];
