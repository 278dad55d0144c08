/** Clients that speak MQTT. */
import net from 'node:net';

import { type Lab, type LabServer } from '../lab';
import { addressOf } from '../raw-client';
import { USERS } from '../topology';
import { sleep, until, within } from '../wait';
import { type Behaviour } from './types';

const CONNECT = 0x10;
const CONNACK = 0x20;
const PROTOCOL_LEVEL = 4;
// User name, password and clean session (MQTT 3.1.1, 3.1.2.3).
const FLAGS = 0x80 | 0x40 | 0x02;
const KEEP_ALIVE_SECONDS = 30;
const RETRY_MS = 1_000;

const text = (value: string) =>
  Buffer.concat([Buffer.from([value.length >> 8, value.length & 0xff]), Buffer.from(value)]);

/** An MQTT 3.1.1 CONNECT; all that the lab sends is shorter than 128 bytes, so that its length is one byte. */
function connectPacket(clientId: string): Buffer {
  const { user, password } = USERS.orders;
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.from([PROTOCOL_LEVEL, FLAGS, 0, KEEP_ALIVE_SECONDS]),
    text(clientId),
    text(user),
    text(password),
  ]);
  return Buffer.concat([Buffer.from([CONNECT, body.length]), body]);
}

interface Session {
  socket: net.Socket;
  closed: Promise<void>;
}

/** Connects and waits until the server accepted it. */
async function open(url: string, clientId: string): Promise<Session> {
  const socket = net.connect(addressOf(url));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  const accepted = new Promise<void>((resolve, reject) => {
    socket.once('data', (packet) => {
      const [kind, , , code] = packet;
      return kind === CONNACK && code === 0
        ? resolve()
        : reject(new Error(`the server answered ${packet.toString('hex')}`));
    });
    void closed.then(() => reject(new Error('the server closed the MQTT connection')));
  });
  socket.write(connectPacket(clientId));
  await within('the MQTT server accepting a client', accepted, 30_000);
  return { socket, closed };
}

/** A cluster that has just started closes MQTT connections until its JetStream has a leader. */
const firstOpen = (url: string, clientId: string): Promise<Session> =>
  until(
    'the MQTT server accepting a client',
    async () => {
      try {
        return await open(url, clientId);
      } catch {
        await sleep(RETRY_MS);
        return undefined;
      }
    },
    30_000
  );

interface ConnzReply {
  server: { id: string };
  data: { connections: Array<{ cid: number }> | null };
}

/** MQTT does not tell a client its id in the server; the server's list of connections does. */
async function whereIs(lab: Lab, server: LabServer, clientId: string) {
  const question = { mqtt_client: clientId, server_name: server.name };
  const reply = (await lab.system(server, 'PING.CONNZ', question)) as ConnzReply;
  const cid = reply.data.connections?.[0]?.cid;
  if (cid === undefined) {
    throw new Error(`${server.name} lists no MQTT client ${clientId}`);
  }
  return { server: server.name, server_id: reply.server.id, cid };
}

export const mqtt: Behaviour[] = [
  {
    id: 'duplicate-client-id',
    about: 'two MQTT devices with the same client id; the second takes over',
    reason: 'Duplicate Client ID',
    often: '1/m',
    servers: ['n1'],
    cause: async (lab, server) => {
      if (!server.mqtt) {
        throw new Error(`the MQTT address of ${server.name} was not given: --mqtt`);
      }
      const clientId = 'thermostat-7';
      const first = await firstOpen(server.mqtt, clientId);
      const place = await whereIs(lab, server, clientId);
      const second = await open(server.mqtt, clientId);
      await within('the server closing the first device', first.closed);
      second.socket.end();
      await within('the end of the second device', second.closed);
      return [{ ...place, account: USERS.orders.account, user: USERS.orders.user }];
    },
  },
];
