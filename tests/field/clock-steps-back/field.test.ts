import { type Imitation } from '../../../lab/imitation';
import { asking, closeOn, emptied, useImitations } from '../../harness/imitations';
import { HOUR, MINUTE, ask, notices, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['reason'] };
const CLOSED = 'reason=Client Closed';
const SLOW = 'reason=Slow Consumer (Pending Bytes)';
const SLOW_CONSUMER = { reason: 'Slow Consumer (Pending Bytes)' };

async function serverWith(count: number): Promise<Imitation> {
  const edge = await serve('edge');
  closeOn(edge, count, emptied(edge));
  return edge;
}

test.each([
  ['a ring that one look shows', 20, -10 * MINUTE],
  ['a ring of many looks', 200, -10 * MINUTE],
  ['hours', 200, -30 * HOUR],
  ['a few seconds', 200, -5_000],
])('%s', async (_, before, step) => {
  const edge = await serverWith(before);
  const source = asking([edge]);
  expect(totals(await ask(plugin(), source, STOPS))).toEqual({ [CLOSED]: before });
  edge.step(step);
  closeOn(edge, 5, SLOW_CONSUMER);
  for (let read = 2; read <= 3; read++) {
    const answer = await ask(plugin(), source, STOPS);
    expect(totals(answer)).toEqual({ [CLOSED]: before, [SLOW]: 5 });
    expect(notices(answer)).not.toContain('had already left its ring');
  }
  const [state] = rows(await ask(plugin(), source, { queryType: 'servers', view: 'table' }));
  expect(state).toMatchObject({ evicted_before: 0, records_lost: 0 });
});
