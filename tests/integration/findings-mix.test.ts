/**
 * Scenarios drawn at random, at the same time and in the same servers, and what is found and its evidence held against
 * what they did.
 * FINDINGS_ROUNDS=20 draws as many mixes, FINDINGS_SEED repeats what a run drew.
 */
import { SCENARIOS } from '../../lab/scenarios/index';
import { type Scenario } from '../../lab/scenarios/types';
import { World } from '../../lab/scenarios/world';
import { dataSource, usePlugin } from '../harness/plugin';
import { unlike } from './evidence';
import { type Comparison, compare, found, impatient, settled, short, watching } from './observing';
import { Random } from './random';

const plugin = usePlugin();

const SEED = Number(process.env.FINDINGS_SEED ?? Date.now() % 1e6);
const ROUNDS = Number(process.env.FINDINGS_ROUNDS ?? 1);
const ROUND_MS = 90_000;
/** Most of them, so that some are wrong together. */
const DRAWN_OF_3 = 2;

const MIXABLE = SCENARIOS.filter(({ alone }) => !alone);

test(
  `what a mix of scenarios leads to, seed ${SEED}`,
  async () => {
    const random = new Random(SEED);
    const sum = { hits: 0, missed: 0, alarms: 0 };
    const wrong: object[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const drawn = MIXABLE.filter(() => random.below(3) < DRAWN_OF_3);
      const { hits, missed, false: alarms, unlike: evidence } = await mix(drawn);
      sum.hits += hits;
      sum.missed += missed.length;
      sum.alarms += alarms.length;
      wrong.push(
        ...(missed.length + alarms.length + evidence.length > 0
          ? [{ drawn: drawn.map(({ id }) => id), missed, alarms: alarms.map(short), evidence }]
          : [])
      );
    }
    const precision = sum.hits / (sum.hits + sum.alarms);
    const recall = sum.hits / (sum.hits + sum.missed);
    process.stdout.write(`findings of ${ROUNDS} mixes, seed ${SEED}: precision ${precision}, recall ${recall}\n`);
    expect({ precision, recall, wrong }).toEqual({ precision: 1, recall: 1, wrong: [] });
  },
  ROUNDS * ROUND_MS
);

async function mix(drawn: Scenario[]): Promise<Comparison & { unlike: string[] }> {
  const world = await World.start({
    config: (place) => Object.assign({}, ...drawn.map(({ config }) => config?.(place))) as Record<string, unknown>,
  });
  try {
    await world.settle();
    const source = dataSource({ urls: world.monitors, findings: impatient([]) });
    await watching(plugin(), source, () => Promise.all(drawn.map((scenario) => scenario.run(world))));
    const compared = await settled(async () => compare(await found(plugin(), source), world.key.expected));
    const { findings, deeds } = world.key.answers('mix');
    return { ...compared, unlike: await unlike(plugin(), source, await found(plugin(), source), findings, deeds) };
  } finally {
    await world.close();
  }
}
