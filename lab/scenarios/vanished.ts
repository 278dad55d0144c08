/** Clients that are there no more without having said so. */
import { within } from '../wait';
import { type NatsServer } from '../nats-server';
import { type Person } from './cast';
import { enter } from './resident';
import { type World } from './world';

/** A silent peer is given up after six seconds: later than a busy machine takes to fill what waits for a slow one. */
export const IMPATIENT = { ping_interval: '1s', ping_max: 5 };

const PATIENCE_MS = 30_000;
const CLIENTS = 6;
const VANISHED = 'vanished';

/** Is let in, and answers no more. */
export async function vanish(world: World, person: Person, server: NatsServer): Promise<void> {
  const client = await enter(server, person);
  client.answersPings = false;
  await within(`${server.name} giving up ${person.name}`, client.closed, PATIENCE_MS);
  world.key.did(VANISHED, person, server.name);
}

/** A host dies with all that ran on it. */
export async function host(world: World): Promise<void> {
  const ip = world.cast.address();
  const apps = [world.cast.app(), world.cast.app()];
  const people = Array.from({ length: CLIENTS }, (_, i) => world.cast.instance(apps[i % 2] ?? world.cast.app(), ip));
  await Promise.all(people.map((person, i) => vanish(world, person, world.server(i % world.servers.length))));
  world.key.expect('stale', { ip }, { shows: VANISHED });
}

/** The network between many hosts and one server is cut. */
export async function network(world: World): Promise<void> {
  const apps = [world.cast.app(), world.cast.app()];
  const people = apps.flatMap((app) => world.cast.instances(app, CLIENTS));
  await Promise.all(people.map((person) => vanish(world, person, world.server(0))));
  world.key.expect('stale', { server: world.server(0).name }, { shows: VANISHED });
}
