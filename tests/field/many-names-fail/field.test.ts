import { type Imitation } from '../../../lab/imitation';
import { asking, useImitations } from '../../harness/imitations';
import { ALERT, HOUR, ask, last, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const SERVERS = 3;
const NAMES = 334;

const RULE = {
  queryType: 'stops',
  view: 'totals',
  groupBy: ['reason', 'app', 'account', 'server'],
  filters: [{ key: 'reason', operator: '=', values: ['Authentication Failure'] }],
};

/** Three servers, each with so many names that tried once. */
async function servers(): Promise<Imitation[]> {
  const all: Imitation[] = [];
  for (let i = 1; i <= SERVERS; i++) {
    const server = await serve('n1');
    const { varz, closed } = server.replies;
    Object.assign(varz, { server_id: `N${i}`, server_name: `n${i}`, total_connections: NAMES });
    const [one] = closed;
    closed.splice(0);
    for (let cid = 1; cid <= NAMES; cid++) {
      closed.push({ ...one, cid, name: `job-${cid}-${i}x` });
    }
    all.push(server);
  }
  return all;
}

test('the rule evaluates, and every failure counts', async () => {
  const result = await ask(plugin(), asking(await servers()), RULE, { headers: ALERT });
  expect(result.error).toBeUndefined();
  const numbers = Object.values(totals(result)).map(Number);
  expect(Math.max(...numbers)).toBeLessThan(50);
  expect(numbers.reduce((sum, n) => sum + n, 0)).toBe(SERVERS * NAMES);
});

test('three hours later nothing has failed, and the rule evaluates', async () => {
  const source = asking(await servers());
  await ask(plugin(), source, RULE, { headers: ALERT });
  const { from } = last(3 * HOUR);
  const range = { from: from - HOUR, to: from };
  const result = await ask(plugin(), source, RULE, { range, headers: ALERT });
  expect(result.error).toBeUndefined();
  expect(new Set(Object.values(totals(result)))).toEqual(new Set([0]));
});
