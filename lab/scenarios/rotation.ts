/** A password is changed in the servers; one of the account's deployments is forgotten. */
import { sleep, within } from '../wait';
import { USERS, accounts } from '../topology';
import { REFUSED, isRefused } from './logins';
import { enter } from './resident';
import { type World } from './world';

const INSTANCES = 3;
const ATTEMPTS = 20;
const OWNER = 'billing';
const ROTATED = `${USERS[OWNER].password}-rotated`;

const rotated = accounts({ [OWNER]: { users: [{ user: OWNER, password: ROTATED }] } });

export async function run(world: World): Promise<void> {
  const [updated, forgotten] = [world.cast.app(OWNER), world.cast.app(OWNER)];
  const before = await Promise.all(
    [updated, forgotten].map((app) =>
      Promise.all(
        world.cast
          .instances(app, INSTANCES)
          .map(async (person, i) => ({ person, i, client: await enter(world.server(i), person) }))
      )
    )
  );
  await sleep(1_000); // Whoever reads the servers sees them at work.
  await Promise.all(world.servers.map((server) => server.reload(rotated)));
  world.key.happened(`the password of ${OWNER} was changed`, 'all');
  const [good = [], bad = []] = before;
  await within(
    'the servers ending who logged in before',
    Promise.all([...good, ...bad].map(({ client }) => client.closed))
  );
  await Promise.all(good.map(({ person, i }) => world.stay({ ...person, pass: ROTATED }, i)));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await Promise.all(bad.map(({ person, i }) => isRefused(world, person, world.server(i))));
  }
  const subject = { app: forgotten.app, user: OWNER };
  world.key.expect('login_broken', subject, {
    severity: 'critical',
    says: 'changed, expired or were revoked',
    shows: REFUSED,
  });
}
