/** Clients with wrong credentials. */
import { type NatsServer } from '../nats-server';
import { within } from '../wait';
import { type Person } from './cast';
import { USERS } from '../topology';
import { call, identityOf } from './resident';
import { type World } from './world';

export const REFUSED = 'was refused';
const INSTANCES = 3;
const ENOUGH = 60;
const MISTAKES = 3;
const NAMES_TRIED = ['root', 'admin', 'nats', 'test', 'guest', 'service', 'backup', 'deploy', 'jenkins', 'postgres'];
const SIDE_BY_SIDE = 6;

/** Tries to log in and is refused. */
export async function isRefused(world: World, person: Person, server: NatsServer): Promise<void> {
  const client = await call(server, person);
  client.sendConnect(identityOf(person));
  await within(`${server.name} refusing ${person.name}`, client.closed);
  world.key.did(REFUSED, person, server.name);
}

/** These try again and again, some at a time, until there were that many refusals. */
async function keepTrying(world: World, people: Person[], count: number): Promise<void> {
  let next = 0;
  const trying = async () => {
    for (let i = next++; i < count; i = next++) {
      const person = people[i % people.length];
      if (person) {
        await isRefused(world, person, world.server(i % world.servers.length));
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, trying));
}

const wrong = (person: Person): Person => ({ ...person, pass: 'out-of-date' });

/** Somebody mistypes a password, and gets it right then. */
export async function typo(world: World): Promise<void> {
  const app = world.cast.app();
  const [person] = world.cast.instances(app, 1);
  if (!person) {
    return;
  }
  for (let i = 0; i < MISTAKES; i++) {
    await isRefused(world, wrong(person), world.server(0));
  }
  await world.stay(person);
  world.key.expect('login_typo', { app: app.app, user: person.user }, { shows: REFUSED });
}

/** A new deployment that never had the right password. */
export async function neverWorked(world: World): Promise<void> {
  const app = world.cast.app();
  const people = world.cast.instances(app, INSTANCES).map(wrong);
  await keepTrying(world, people, ENOUGH);
  const subject = { app: app.app, user: USERS[app.account].user };
  world.key.expect('login_broken', subject, { severity: 'critical', says: 'wrong from the start', shows: REFUSED });
}

/** The new password has reached one instance and not the others. */
export async function partlyRolledOut(world: World): Promise<void> {
  const app = world.cast.app();
  const [good, ...others] = world.cast.instances(app, INSTANCES);
  await keepTrying(world, others.map(wrong), ENOUGH / 2);
  if (good) {
    await world.stay(good);
  }
  await keepTrying(world, others.map(wrong), ENOUGH / 2);
  const subject = { app: app.app, user: USERS[app.account].user };
  world.key.expect('login_broken', subject, {
    severity: 'critical',
    says: 'have not reached all of it',
    shows: REFUSED,
  });
}

/** Somebody outside tries names and passwords. */
export async function scan(world: World): Promise<void> {
  const ip = world.cast.address();
  const nobody = { account: '', app: '', name: '', lang: '', version: '', ip };
  const guesses = NAMES_TRIED.flatMap((user) =>
    [user, `${user}1`, `${user}-prod`].map((name): Person => ({ ...nobody, user: name, pass: `${user}123` }))
  );
  await keepTrying(world, guesses, 2 * guesses.length);
  world.key.expect('login_scan', { ip }, { shows: REFUSED });
}
