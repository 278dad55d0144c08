/** What is as it should be, much of it at once and again and again, while three servers are upgraded: nothing above info. */
import { scenarioNamed } from '../../lab/scenarios/index';
import * as healthy from '../../lab/scenarios/healthy';
import { worldOf } from '../../lab/scenarios/play';
import { type World } from '../../lab/scenarios/world';
import * as vanished from '../../lab/scenarios/vanished';
import { dataSource, usePlugin } from '../harness/plugin';
import { compare, found, settled, short, watching } from './observing';

const plugin = usePlugin();

const LONG_MS = 240_000;

/** Does the same again until the other is over; a server that is just being upgraded lets nobody in. */
async function meanwhile(over: Promise<unknown>, again: () => Promise<void>): Promise<void> {
  let ended = false;
  void over.finally(() => (ended = true));
  while (!ended) {
    await again().catch(() => healthy.quiet());
  }
}

test(
  'autoscaling, a rollout, jobs and laptops around a rolling upgrade',
  async () => {
    const upgrade = scenarioNamed('rolling-upgrade');
    const world = await worldOf({ ...upgrade, config: () => vanished.IMPATIENT });
    try {
      const source = dataSource({ urls: world.monitors, timeout: 1 });
      await watching(plugin(), source, async () => {
        const over = upgrade.run(world);
        const others: Array<(world: World) => Promise<void>> = [healthy.autoscaling, healthy.cron, healthy.laptops];
        await Promise.all([over, healthy.rollout(world), ...others.map((one) => meanwhile(over, () => one(world)))]);
      });
      const { missed, false: alarms } = await settled(async () =>
        compare(await found(plugin(), source), world.key.expected)
      );
      expect({ missed, alarms: alarms.map(short) }).toEqual({ missed: [], alarms: [] });
    } finally {
      await world.close();
    }
  },
  LONG_MS
);
