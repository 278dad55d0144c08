/** Each scenario on real servers gives exactly its findings, of the right subjects; what is healthy gives none. */
import { play, worldOf } from '../../lab/scenarios/play';
import { SCENARIOS } from '../../lab/scenarios/index';
import { type Scenario } from '../../lab/scenarios/types';
import { dataSource, usePlugin } from '../harness/plugin';
import { unlike } from './evidence';
import { compare, found, impatient, settled, short, watching } from './observing';

const plugin = usePlugin();

const LONG_MS = 120_000;

const titled = SCENARIOS.map((scenario): [string, Scenario] => [
  `${scenario.id}: ${scenario.finds.join(', ') || 'nothing'}`,
  scenario,
]);

test.each(titled)(
  '%s',
  async (_, scenario) => {
    const world = await worldOf(scenario);
    try {
      const source = dataSource({ urls: world.monitors, timeout: 1, findings: impatient(scenario.finds) });
      const key = await watching(plugin(), source, () => play(scenario, world));
      expect([...new Set(key.findings.map(({ finding }) => finding))]).toEqual(scenario.finds);
      const { missed, false: alarms } = await settled(async () => compare(await found(plugin(), source), key.findings));
      expect({ missed, alarms: alarms.map(short) }).toEqual({ missed: [], alarms: [] });
      const findings = await found(plugin(), source);
      expect(await unlike(plugin(), source, findings, key.findings, key.deeds)).toEqual([]);
    } finally {
      await world.close();
    }
  },
  LONG_MS
);
