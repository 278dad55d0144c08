/** Servers that restart, planned or not, and clients that come back, or do not. */
import { sleep } from '../wait';
import { type NatsServer } from '../nats-server';
import { type Resident } from './resident';
import { type World } from './world';

const WAITS_MS = 1_500;
const STORM = 40;
const REBALANCES = 4;
const LOST = 'did not return';
const RECONNECTED = 'reconnected';

async function restarts(world: World, server: NatsServer, binary?: string): Promise<void> {
  server.enterLameDuck();
  await server.gone();
  await server.start(binary);
  await server.awaitPeers(world.servers.length - 1);
  world.key.happened('was restarted as a lame duck', server.name);
  await sleep(WAITS_MS);
}

/** One server after the other gets the present release. */
async function upgrade(world: World): Promise<void> {
  for (const server of world.servers) {
    await restarts(world, server, world.newer);
  }
}

/** Half of the clients heed the notice, half stay to the end; all come back. */
export async function rollingUpgrade(world: World): Promise<void> {
  world.neighbours.forEach((resident, i) => (resident.heedsLameDuck = i % 2 === 0));
  await upgrade(world);
  world.key.expect('server_restart', {}, { severity: 'info', says: '3 of 3 servers of cluster lab' });
}

/** The same, but one client is not seen again. */
export async function oneDoesNotReturn(world: World): Promise<void> {
  const lost = await missing(world);
  await rollingUpgrade(world);
  notBack(world, lost, true);
}

/** A server's process is killed; its clients go to the others. */
export async function killed(world: World): Promise<void> {
  const [, n2] = world.servers;
  await sleep(WAITS_MS); // Whoever reads the servers sees it at work.
  await n2?.kill();
  world.key.happened('was killed', 'n2');
  await sleep(WAITS_MS);
  await n2?.start();
  await n2?.awaitPeers(world.servers.length - 1);
  world.key.expect('server_restart', { server: 'n2' }, { severity: 'warning', says: 'crashed' });
}

/** The same, but one client is not seen again. */
export async function killedNotBack(world: World): Promise<void> {
  const lost = await missing(world, 1);
  await killed(world);
  notBack(world, lost, false);
}

async function missing(world: World, server = 0): Promise<Resident> {
  const app = world.cast.app();
  const [lost, other] = await Promise.all(world.cast.instances(app, 2).map((person) => world.stay(person, server)));
  if (!lost || !other) {
    throw new Error('there are no clients that might not return');
  }
  lost.returns = false;
  return lost;
}

/** What a server knows of who leaves is gone with it if it is killed. */
function notBack(world: World, { person, server }: Resident, recorded: boolean): void {
  world.key.did(LOST, person, server);
  const subject = { account: person.account, app: person.app };
  world.key.expect('not_back', subject, recorded ? { shows: LOST } : {});
}

/** After a server was killed its clients come back all at once, and change servers until they are content. */
export async function storm(world: World): Promise<void> {
  const app = world.cast.app();
  const people = world.cast.instances(app, STORM);
  const residents = await Promise.all(people.map((person) => world.stay(person, 1)));
  await killed(world);
  for (let i = 0; i < REBALANCES; i++) {
    await Promise.all(residents.map(({ client }) => client?.end()));
    residents.forEach(({ person, server }) => world.key.did(RECONNECTED, person, server));
    await Promise.all(residents.map((resident) => resident.isBack()));
  }
  world.key.expect('churn', { app: app.app }, { shows: RECONNECTED });
}
