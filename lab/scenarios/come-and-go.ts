/** Clients that come and go far too often. */
import { sleep } from '../wait';
import { enter } from './resident';
import { type World } from './world';

const REQUESTS = 240;
const SIDE_BY_SIDE = 4;
const INSTANCES = 2;

const CUTS = 8;
const PERIOD_MS = 1_500;
const ONE_REQUEST = 'connected for one request';
const LOST = 'lost its connection';

/** An app opens a connection for every request. */
export async function perRequest(world: World): Promise<void> {
  const app = world.cast.app();
  const people = world.cast.instances(app, INSTANCES);
  const some = async (first: number) => {
    for (let i = first; i < REQUESTS; i += SIDE_BY_SIDE) {
      const person = people[i % people.length];
      const server = world.server(i % world.servers.length);
      if (person) {
        const client = await enter(server, person);
        await client.end();
        world.key.did(ONE_REQUEST, person, server.name);
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, (_, i) => some(i)));
  world.key.expect('churn', { account: app.account, app: app.app }, { shows: ONE_REQUEST });
}

/** The same instances lose their connection again and again, in a steady beat. */
export async function flapping(world: World): Promise<void> {
  const app = world.cast.app();
  const people = world.cast.instances(app, INSTANCES);
  for (let i = 0; i < CUTS; i++) {
    const clients = await Promise.all(people.map((person, j) => enter(world.server(j), person)));
    await sleep(PERIOD_MS);
    for (const [j, client] of clients.entries()) {
      client.reset();
      const person = people[j];
      if (person) {
        world.key.did(LOST, person, world.server(j).name);
      }
    }
  }
  await Promise.all(people.map((person, j) => world.stay(person, j)));
  world.key.expect('flapping', { account: app.account, app: app.app }, { shows: LOST });
}
