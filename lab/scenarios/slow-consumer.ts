/** Subscribers that stop reading until the server cuts them off. */
import { type App } from '../names';
import { type NatsServer } from '../nats-server';
import { type RawClient } from '../raw-client';
import { sleep, within } from '../wait';
import { type Person } from './cast';
import { enter } from './resident';
import { type World } from './world';

export const SMALL_PENDING = { max_pending: 1024 * 1024 };

const MESSAGE = 64 * 1024;
// More than the kernel's buffers of one loopback connection take, so that the rest is pending in the server.
const MESSAGES = 400;
const INSTANCES = 3;
const CUT = 'was cut off as slow consumer';

/** Publishes that many messages of 64 kB, one after the other. */
export async function publish(to: RawClient, subject: string, count: number): Promise<void> {
  const message = Buffer.from(`PUB ${subject} ${MESSAGE}\r\n${'.'.repeat(MESSAGE)}\r\n`);
  for (let i = 0; i < count; i++) {
    to.send(message);
    await to.flush();
  }
}

/** Subscribes, and reads no more. */
export async function stall(server: NatsServer, person: Person, subject: string): Promise<RawClient> {
  const reader = await enter(server, person);
  reader.send(`SUB ${subject} 1\r\n`);
  await reader.flush();
  reader.stopReading();
  return reader;
}

async function isCut(world: World, app: App, person: Person, server: NatsServer): Promise<void> {
  const subject = `${person.app}.${person.name}`;
  const reader = await stall(server, person, subject);
  const publisher = await enter(server, world.cast.instance(world.cast.app(app.account)));
  await publish(publisher, subject, MESSAGES);
  // Only a reader sees the end of its connection; the server has decided by the time anything is read again.
  await sleep(500);
  reader.startReading();
  await within(`${server.name} cutting ${person.name}`, reader.closed);
  world.key.did(CUT, person, server.name);
  await publisher.end();
}

/** One of three instances is too slow. */
export async function one(world: World): Promise<void> {
  const app = world.cast.app();
  const people = world.cast.instances(app, INSTANCES);
  const [slow, ...others] = people;
  await Promise.all(others.map((person, i) => world.stay(person, i)));
  if (slow) {
    await isCut(world, app, slow, world.server(0));
    await world.stay(slow);
  }
  world.key.expect(
    'slow_consumer',
    { account: app.account, app: app.app },
    { severity: 'critical', says: 'max_pending', shows: CUT }
  );
}

/** All instances are too slow, each on a server of its own. */
export async function all(world: World): Promise<void> {
  const app = world.cast.app();
  for (const [i, person] of world.cast.instances(app, INSTANCES).entries()) {
    await isCut(world, app, person, world.server(i));
    await world.stay(person, i);
  }
  world.key.expect(
    'slow_consumer',
    { account: app.account, app: app.app },
    { severity: 'critical', says: `${INSTANCES} instances`, shows: CUT }
  );
}
