/** What is to be seen of open connections: who has no name, and who has an old library. */
import { type World } from './world';

const UNNAMED = 12;
const CURRENT = 5;

export async function unnamed(world: World): Promise<void> {
  const app = world.cast.app();
  const ip = world.cast.address();
  for (let i = 0; i < UNNAMED; i++) {
    const person = { ...world.cast.instance(app, ip), name: '', app: '' };
    await world.stay(person, i);
    world.key.did('connected without a name', person, world.server(i % world.servers.length).name);
  }
  world.key.expect('unnamed', { account: app.account, ip });
}

export async function oldLibrary(world: World): Promise<void> {
  const current = { ...world.cast.app(), lang: 'go', version: '1.55.0' };
  await Promise.all(world.cast.instances(current, CURRENT).map((person, i) => world.stay(person, i)));
  const old = { ...world.cast.app(), lang: 'go', version: '1.11.0' };
  for (const [i, person] of world.cast.instances(old, 2).entries()) {
    await world.stay(person, i);
    world.key.did('has nats.go 1.11.0', person, world.server(i).name);
  }
  world.key.expect('old_library', { account: old.account, app: old.app });
}
