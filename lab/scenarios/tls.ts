/** Handshakes that fail. */
import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';

import { type Certificate, selfSigned } from '../certificate';
import { type Config, type NatsServer } from '../nats-server';
import { within } from '../wait';
import { type Person } from './cast';
import { call } from './resident';
import { type Place } from './types';
import { type World } from './world';

const HANDSHAKES = 12;
const BROKE_OFF = 'broke off a TLS handshake';

/** Servers that offer TLS; who does not ask for it is let in without. */
export function offersTls({ folder }: Place): Config {
  fs.mkdirSync(folder, { recursive: true });
  return { allow_non_tls: true, tls: { ...filesOf(folder, selfSigned(['localhost', '127.0.0.1'])), timeout: 2 } };
}

function filesOf(folder: string, { cert, key }: Certificate): Config {
  const files = { cert_file: path.join(folder, 'cert.pem'), key_file: path.join(folder, 'key.pem') };
  fs.writeFileSync(files.cert_file, cert);
  fs.writeFileSync(files.key_file, key, { mode: 0o600 });
  return files;
}

/** Begins a handshake and ends it, since it does not know the server's authority. */
async function distrusts(server: NatsServer, { ip }: Pick<Person, 'ip'>): Promise<void> {
  const client = await call(server, { ip });
  client.socket.removeAllListeners('data');
  const secure = tls.connect({ socket: client.socket, ca: selfSigned(['another']).cert });
  secure.on('error', () => undefined);
  await within(`${server.name} giving up a handshake`, client.closed);
}

/** The trust store of one host lacks the servers' authority. */
export async function oneHost(world: World): Promise<void> {
  const ip = world.cast.address();
  for (let i = 0; i < HANDSHAKES; i++) {
    await distrusts(world.server(0), { ip });
    world.key.did(BROKE_OFF, stranger(ip), world.server(0).name);
  }
  world.key.expect('tls_failing', { ip }, { shows: BROKE_OFF });
}

/** The servers' certificate is from an authority that nobody knows: handshakes of all hosts fail at once. */
export async function everybody(world: World): Promise<void> {
  const hosts = Array.from({ length: HANDSHAKES / 2 }, () => world.cast.address());
  for (let round = 0; round < 3; round++) {
    for (const ip of hosts) {
      await distrusts(world.server(0), { ip });
      world.key.did(BROKE_OFF, stranger(ip), world.server(0).name);
    }
  }
  world.key.expect('tls_failing', { server: world.server(0).name }, { shows: BROKE_OFF });
}

export const stranger = (ip: string): Person => ({
  account: '',
  app: '',
  user: '',
  pass: '',
  name: '',
  lang: '',
  version: '',
  ip,
});
