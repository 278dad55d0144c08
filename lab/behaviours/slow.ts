/** Clients that stop reading: cut by what is pending, by time, or as stale. */
import { type Lab, type LabServer, type Unexplained } from '../lab';
import { appNamed } from '../names';
import { type RawClient } from '../raw-client';
import { sleep, within } from '../wait';
import { ANY_SERVER, type Behaviour } from './types';

const MESSAGE = new Uint8Array(64 * 1024).fill(0x2e);
// More than the kernel's buffers of one loopback connection take, so that the rest is pending in the server.
const MESSAGES = 400;
const BATCH = 20;

/** A price feed's subscriber that stops reading while the prices keep coming. */
async function stalledReader(lab: Lab, server: LabServer): Promise<Unexplained[]> {
  const { client, stop } = await lab.openAs(server, appNamed('price-feed'));
  const subject = `prices.${stop.cid}`;
  client.send(`SUB ${subject} 1\r\n`);
  await client.flush();
  client.stopReading();
  await flood(lab, server, subject);
  await readTheRest(client);
  return [stop];
}

async function flood(lab: Lab, server: LabServer, subject: string): Promise<void> {
  const publisher = await lab.publisher(server);
  for (let sent = 0; sent < MESSAGES; sent += BATCH) {
    for (let i = 0; i < BATCH; i++) {
      publisher.publish(subject, MESSAGE);
    }
    await publisher.flush();
  }
}

/** Only a reader sees the end of its connection; the server has decided by the time anything is read again. */
async function readTheRest(client: RawClient): Promise<void> {
  await sleep(1_500);
  client.startReading();
  await within('the server cutting the slow consumer', client.closed);
}

export const slow: Behaviour[] = [
  {
    id: 'slow-consumer-pending',
    about: 'a subscriber stops reading; what is pending for it exceeds max_pending',
    reason: 'Slow Consumer (Pending Bytes)',
    often: '3/m',
    servers: ['n1'],
    cause: stalledReader,
  },
  {
    id: 'slow-consumer-deadline',
    about: 'a subscriber stops reading; a write to it exceeds write_deadline',
    reason: 'Slow Consumer (Write Deadline)',
    often: '2/m',
    servers: ['n2'],
    cause: stalledReader,
  },
  {
    id: 'stale',
    about: 'a client no longer answers PING, as behind a broken NAT or on a dead node',
    reason: 'Stale Connection',
    often: '2/m',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const { client, stop } = await lab.openAs(server, appNamed('analytics-ingest'));
      client.answersPings = false;
      await within('the server giving up a silent client', client.closed, 30_000);
      return [stop];
    },
  },
];
