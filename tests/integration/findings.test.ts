/** Each scenario on real servers gives exactly its findings, of the right subjects; what is healthy gives none. */
import { SCENARIOS } from '../../lab/scenarios/index';
import { play, worldOf } from '../../lab/scenarios/play';
import { type Scenario } from '../../lab/scenarios/types';
import { dataSource, usePlugin } from '../harness/plugin';
import { compare, found, settled, short, watching } from './observing';

const plugin = usePlugin();

const LONG_MS = 120_000;

/** What no rule finds yet. */
const LATER = [
  ...['falling_behind', 'credentials_expiring_out', 'tls_failing', 'limit_hit', 'stale', 'churn', 'flapping'],
  ...['protocol', 'duplicate_client', 'not_back', 'fabric_slow', 'unnamed', 'old_library', 'server_silent'],
  ...['clock_off', 'server_unlisted'],
];

const titled = SCENARIOS.filter(({ finds }) => !finds.some((rule) => LATER.includes(rule))).map(
  (scenario): [string, Scenario] => [`${scenario.id}: ${scenario.finds.join(', ') || 'nothing'}`, scenario]
);

test.each(titled)(
  '%s',
  async (_, scenario) => {
    const world = await worldOf(scenario);
    try {
      const source = dataSource({ urls: world.monitors, timeout: 1 });
      const key = await watching(plugin(), source, () => play(scenario, world));
      expect([...new Set(key.findings.map(({ finding }) => finding))]).toEqual(scenario.finds);
      const { missed, false: alarms } = await settled(async () => compare(await found(plugin(), source), key.findings));
      expect({ missed, alarms: alarms.map(short) }).toEqual({ missed: [], alarms: [] });
    } finally {
      await world.close();
    }
  },
  LONG_MS
);
