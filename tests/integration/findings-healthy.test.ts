/**
 * What is as it should be, much of it at once and again and again, while three servers are upgraded: nothing above info
 * at any time. FINDINGS_HEALTHY_MINUTES=60 takes an hour of it, as fast as it is in life, with the upgrade in the middle.
 */
import * as healthy from '../../lab/scenarios/healthy';
import { scenarioNamed } from '../../lab/scenarios/index';
import { worldOf } from '../../lab/scenarios/play';
import * as vanished from '../../lab/scenarios/vanished';
import { type World } from '../../lab/scenarios/world';
import { sleep } from '../../lab/wait';
import { type DataSource } from '../../lab/host';
import { dataSource, usePlugin } from '../harness/plugin';
import { compare, found, settled, short, watching } from './observing';

const plugin = usePlugin();

const MINUTES = Number(process.env.FINDINGS_HEALTHY_MINUTES ?? 0);
const MINUTE = 60_000;
const LONG_MS = 240_000;
const LOOK_MS = 400;
const CALM_LOOK_MS = 10_000;
const PROBE_MS = 10_000;
const ROLLOUT_MS = 10 * MINUTE;
/** How long a lid stays open: a few times in a working day would be longer, more often nobody does. */
const AWAKE_MS = 20 * MINUTE;

type Activity = () => Promise<unknown>;

/** Does the same again until the other is over; a server that is just being upgraded lets nobody in. */
async function meanwhile(over: Promise<unknown>, again: Activity, pauseMs = 0): Promise<void> {
  let ended = false;
  const end = over.finally(() => (ended = true));
  while (!ended) {
    await again().catch(() => healthy.quiet());
    await Promise.race([sleep(pauseMs), end]);
  }
}

/** Everything in seconds. */
async function hasty(world: World, upgrade: Activity): Promise<void> {
  // Each lid is closed once: more in seconds would be a network that is cut.
  const over = healthy.laptops(world).then(upgrade);
  const others = [healthy.autoscaling, healthy.cron, healthy.probes];
  await Promise.all([over, healthy.rollout(world), ...others.map((one) => meanwhile(over, () => one(world)))]);
}

/** Everything as fast as it is in life, with a laptop whose lid is closed every few minutes. */
async function unhurried(world: World, upgrade: Activity): Promise<void> {
  const half = (MINUTES * MINUTE) / 2;
  const over = sleep(half)
    .then(upgrade)
    .then(() => sleep(half));
  const app = { scaled: world.cast.app(), released: world.cast.app() };
  const jobs = Array.from({ length: 5 }, () => world.cast.app());
  let pods = await Promise.all(world.cast.instances(app.released, 6).map((person, i) => world.stay(person, i)));
  const release = async () => {
    const old = pods;
    pods = [];
    for (const pod of old) {
      pods.push(await world.stay(world.cast.instance(app.released)));
      await pod.leave();
      await sleep(2_000);
    }
  };
  await Promise.all([
    over,
    meanwhile(over, () => healthy.load(world, app.scaled, MINUTE), MINUTE),
    meanwhile(over, () => Promise.all(jobs.map((job, i) => healthy.job(world, job, i))), MINUTE),
    meanwhile(over, () => healthy.probed(world), PROBE_MS),
    meanwhile(over, release, ROLLOUT_MS),
    ...healthy.laptopsOf(world).map(async (person, i) => {
      await Promise.race([sleep((i * AWAKE_MS) / 5), over]);
      await meanwhile(over, () => Promise.race([over, healthy.lid(world, person, i, sleep(AWAKE_MS))]), MINUTE);
    }),
  ]);
}

/** What is found above info while something happens, each once: an alert rule may look at any time. */
async function alarming(source: DataSource, something: Activity): Promise<string[]> {
  const alarms = new Set<string>();
  const look = async () => {
    const { false: above } = compare(await found(plugin(), source), []);
    above.forEach((row) => alarms.add(short(row)));
  };
  await watching(plugin(), source, something, { look, pauseMs: MINUTES > 0 ? CALM_LOOK_MS : LOOK_MS });
  return [...alarms];
}

test(
  'autoscaling, a rollout, jobs, laptops and probes around a rolling upgrade',
  async () => {
    const upgrade = scenarioNamed('rolling-upgrade');
    const world = await worldOf({ ...upgrade, config: () => vanished.IMPATIENT });
    try {
      const source = dataSource({ urls: world.monitors, timeout: 1 });
      const during = await alarming(source, () => (MINUTES > 0 ? unhurried : hasty)(world, () => upgrade.run(world)));
      const { missed, false: alarms } = await settled(async () =>
        compare(await found(plugin(), source), world.key.expected)
      );
      if (MINUTES > 0) {
        const all = (await found(plugin(), source)).map(short);
        const deeds = world.key
          .answers(upgrade.id)
          .deeds.map(({ what, app, times }) => `${app} ${what} ${times} times`);
        process.stdout.write(`${MINUTES} minutes:\n${[...deeds, ...all].join('\n')}\n`);
      }
      expect({ missed, alarms: alarms.map(short), during }).toEqual({ missed: [], alarms: [], during: [] });
    } finally {
      await world.close();
    }
  },
  LONG_MS + MINUTES * MINUTE
);
