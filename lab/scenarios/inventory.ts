/** What is to be seen of open connections: who has no name, and who has an old library. */
import { type World } from './world';

const UNNAMED = 12;
const CURRENT = 5;
const NAMELESS = 'connected without a name';
const OLD = 'has nats.go 1.11.0';

export async function unnamed(world: World): Promise<void> {
  const app = world.cast.app();
  const ip = world.cast.address();
  for (let i = 0; i < UNNAMED; i++) {
    const person = { ...world.cast.instance(app, ip), name: '', app: '' };
    await world.stay(person, i);
    world.key.did(NAMELESS, person, world.server(i % world.servers.length).name);
  }
  world.key.expect('unnamed', { account: app.account, ip }, { shows: NAMELESS });
}

export async function oldLibrary(world: World): Promise<void> {
  const current = { ...world.cast.app(), lang: 'go', version: '1.55.0' };
  await Promise.all(world.cast.instances(current, CURRENT).map((person, i) => world.stay(person, i)));
  const old = { ...world.cast.app(), lang: 'go', version: '1.11.0' };
  for (const [i, person] of world.cast.instances(old, 2).entries()) {
    await world.stay(person, i);
    world.key.did(OLD, person, world.server(i).name);
  }
  world.key.expect('old_library', { account: old.account, app: old.app }, { shows: OLD });
}
