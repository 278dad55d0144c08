/** What is as it should be, though much happens. */
import net from 'node:net';

import { sleep } from '../wait';
import { type Person } from './cast';
import { enter } from './resident';
import { vanish } from './vanished';
import { type World } from './world';

const QUIET_MS = 2_000;
const PODS = 12;
const ROUNDS = 4;
const JOBS = 5;
const MINUTES = 6;
const LAPTOPS = 5;
const PROBES = 10;
const PROBE_MS = 300;

/** Apps at work, and nothing happens. */
export const quiet = (): Promise<void> => sleep(QUIET_MS);

/** Pods of an app are added and removed as its load goes up and down. */
export async function autoscaling(world: World): Promise<void> {
  const app = world.cast.app();
  for (let round = 0; round < ROUNDS; round++) {
    await load(world, app, 500);
  }
}

/** More pods of an app for a while. */
export async function load(world: World, app: ReturnType<World['cast']['app']>, lastsMs: number): Promise<void> {
  const pods = await Promise.all(world.cast.instances(app, PODS).map((person, i) => world.stay(person, i)));
  await sleep(lastsMs);
  for (const pod of pods) {
    world.key.did('was removed', pod.person, pod.server);
    await pod.leave();
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
    await Promise.all(apps.map((app, i) => job(world, app, i)));
    await sleep(1_000);
  }
}

/** A job starts, does its work and ends. */
export async function job(world: World, app: ReturnType<World['cast']['app']>, first: number): Promise<void> {
  const person = world.cast.instance(app);
  const client = await enter(world.server(first % world.servers.length), person);
  client.send(`PUB ${app.app}.done 2\r\nok\r\n`);
  await client.flush();
  await client.end();
  world.key.did('did its work', person, client.info.server_name);
}

/** Laptops whose lids are closed, each at a time of its own, and which come back. */
export async function laptops(world: World): Promise<void> {
  const people = laptopsOf(world);
  await Promise.all(
    people.map(async (person, i) => {
      await sleep(i * 1_500);
      await vanish(world, person, world.server(i % world.servers.length));
      await world.stay(person, i);
    })
  );
}

/** A laptop whose lid is closed after a while: its server hears no more of it. */
export async function lid(world: World, person: Person, first: number, closed: Promise<unknown>): Promise<void> {
  const resident = await world.stay(person, first);
  await closed;
  resident.returns = false;
  if (resident.client) {
    resident.client.answersPings = false;
    await resident.client.closed;
  }
  world.key.did('was closed', person, resident.server);
}

/** Who has a laptop, with one tool on each. */
export const laptopsOf = ({ cast }: World): Person[] =>
  cast.instances({ ...cast.app(), shape: 'pod' as const }, LAPTOPS);

/** Whoever wants to know whether servers live opens their ports, and Prometheus reads their numbers. */
export async function probes(world: World): Promise<void> {
  for (let probe = 0; probe < PROBES; probe++) {
    await probed(world);
    await sleep(PROBE_MS);
  }
}

/** Once: a kubelet and a load balancer open each port and say nothing; a server that is just being upgraded is not there. */
export async function probed({ servers }: World): Promise<void> {
  await Promise.all(
    servers.map(async ({ address, monitor }) => {
      for (const localAddress of process.platform === 'linux' ? ['127.2.0.1', '127.2.0.2'] : ['127.0.0.1']) {
        const socket = net.connect({ ...address, localAddress });
        await new Promise((resolve) => socket.once('connect', resolve).once('error', resolve));
        socket.end();
      }
      for (const page of ['healthz', 'varz', 'connz', 'subsz', 'routez', 'jsz']) {
        await fetch(`${monitor}/${page}`).then(
          (answer) => answer.arrayBuffer(),
          () => undefined
        );
      }
    })
  );
}
