/** What is as it should be, though much happens. */
import { sleep } from '../wait';
import { enter } from './resident';
import { vanish } from './vanished';
import { type World } from './world';

const QUIET_MS = 2_000;
const PODS = 12;
const ROUNDS = 4;
const JOBS = 5;
const MINUTES = 6;
const LAPTOPS = 5;

/** Apps at work, and nothing happens. */
export const quiet = (): Promise<void> => sleep(QUIET_MS);

/** Pods of an app are added and removed as its load goes up and down. */
export async function autoscaling(world: World): Promise<void> {
  const app = world.cast.app();
  for (let round = 0; round < ROUNDS; round++) {
    const pods = await Promise.all(world.cast.instances(app, PODS).map((person, i) => world.stay(person, i)));
    await sleep(500);
    for (const pod of pods) {
      world.key.did('was removed', pod.person, pod.server);
      await pod.leave();
    }
  }
}

/** Every pod of an app is replaced by one of the new release, one after the other. */
export async function rollout(world: World): Promise<void> {
  const app = world.cast.app();
  const old = await Promise.all(world.cast.instances(app, PODS).map((person, i) => world.stay(person, i)));
  for (const pod of old) {
    await world.stay(world.cast.instance(app));
    world.key.did('was replaced', pod.person, pod.server);
    await pod.leave();
  }
}

/** Jobs that start each minute (here each second), do their work and end. */
export async function cron(world: World): Promise<void> {
  const apps = Array.from({ length: JOBS }, () => world.cast.app());
  for (let minute = 0; minute < MINUTES; minute++) {
    await Promise.all(
      apps.map(async (app, i) => {
        const person = world.cast.instance(app);
        const client = await enter(world.server(i % world.servers.length), person);
        client.send(`PUB ${app.app}.done 2\r\nok\r\n`);
        await client.flush();
        await client.end();
        world.key.did('did its work', person, client.info.server_name);
      })
    );
    await sleep(1_000);
  }
}

/** Laptops whose lids are closed, each at a time of its own, and which come back. */
export async function laptops(world: World): Promise<void> {
  const app = { ...world.cast.app(), shape: 'pod' as const };
  const people = world.cast.instances(app, LAPTOPS);
  await Promise.all(
    people.map(async (person, i) => {
      await sleep(i * 1_500);
      await vanish(world, person, world.server(i % world.servers.length));
      await world.stay(person, i);
    })
  );
}
