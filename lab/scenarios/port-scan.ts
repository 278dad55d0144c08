/** Somebody looks what listens: speaks other protocols, or none at all. */
import { type NatsServer } from '../nats-server';
import { within } from '../wait';
import { call } from './resident';
import { stranger } from './tls';
import { type World } from './world';

const ROUNDS = 5;
const SPOKE = 'spoke something else';
const PROBES = [
  'GET / HTTP/1.1\r\nHost: nats\r\n\r\n',
  'OPTIONS * RTSP/1.0\r\n\r\n',
  'SSH-2.0-scan\r\n',
  Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00]), // The beginning of a TLS handshake.
  '',
];

async function probe(server: NatsServer, ip: string, words: string | Buffer): Promise<void> {
  const client = await call(server, { ip });
  if (words.length > 0) {
    client.send(words);
  }
  client.socket.end();
  await within(`${server.name} ending a probe`, client.closed);
}

export async function run(world: World): Promise<void> {
  const ip = world.cast.address();
  for (let round = 0; round < ROUNDS; round++) {
    for (const server of world.servers) {
      for (const words of PROBES) {
        await probe(server, ip, words);
        world.key.did(words.length > 0 ? SPOKE : 'opened the port', stranger(ip), server.name);
      }
    }
  }
  world.key.expect('protocol', { ip }, { shows: SPOKE });
}
