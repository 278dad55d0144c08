/** Clients that meet a limit. */
import { PARTNERS_MAX_CONNECTIONS, USERS } from '../topology';
import { within } from '../wait';
import { call, enter, identityOf } from './resident';
import { type World } from './world';

const REFUSALS = 10;
const TOO_LARGE = 64 * 1024 * 1024;
const TOO_MANY = `was refused as one too many of ${PARTNERS_MAX_CONNECTIONS}`;
const LARGE = 'published a message of 64 MB';

/** An account has as many connections as it may, and its apps want more. */
export async function connections(world: World): Promise<void> {
  const app = world.cast.app('partners');
  const people = world.cast.instances(app, PARTNERS_MAX_CONNECTIONS + 1);
  const more = people.pop();
  for (const person of people) {
    await world.stay(person);
  }
  for (let i = 0; more && i < REFUSALS; i++) {
    const client = await call(world.server(0), more);
    client.sendConnect(identityOf(more));
    await within('the refusal of one connection too many', client.closed);
    world.key.did(TOO_MANY, more, world.server(0).name);
  }
  world.key.expect('limit_hit', { account: USERS.partners.account, app: app.app }, { shows: TOO_MANY });
}

/** An app publishes messages larger than servers take. */
export async function payload(world: World): Promise<void> {
  const app = world.cast.app();
  const people = world.cast.instances(app, 2);
  for (let i = 0; i < REFUSALS; i++) {
    const person = people[i % people.length];
    if (person) {
      const client = await enter(world.server(0), person);
      client.send(`PUB ${app.app}.pdf ${TOO_LARGE}\r\n`);
      await within('the refusal of a large message', client.closed);
      world.key.did(LARGE, person, world.server(0).name);
    }
  }
  world.key.expect('limit_hit', { account: app.account, app: app.app }, { shows: LARGE });
}
