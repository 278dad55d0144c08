import { type Imitation } from '../../../lab/imitation';
import { exactTime } from '../../../lab/replies';
import { asking, useImitations } from '../../harness/imitations';
import { HOUR, MINUTE, ask, notices, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['reason'] };
const CLOSED = 'reason=Client Closed';
const SLOW = 'reason=Slow Consumer (Pending Bytes)';

/** So many more, a moment ago by the server's clock and 200 ms apart. */
function stop(server: Imitation, count: number, reason: string): void {
  const { varz, closed } = server.replies;
  const [one] = closed;
  for (let i = 0; i < count; i++) {
    const at = exactTime(server.now() - (count - i) * 200);
    closed.push({ ...one, cid: Number(varz.total_connections) + 1, reason, start: at, last_activity: at, stop: at });
    varz.total_connections = Number(varz.total_connections) + 1;
  }
}

async function serverWith(count: number): Promise<Imitation> {
  const edge = await serve('edge');
  edge.replies.varz.total_connections = 0;
  stop(edge, count, 'Client Closed');
  edge.replies.closed.shift();
  return edge;
}

test.each([
  ['a ring that one look shows', 20, -10 * MINUTE],
  ['a ring of many looks', 200, -10 * MINUTE],
  ['hours', 200, -30 * HOUR],
])('%s', async (_, before, step) => {
  const edge = await serverWith(before);
  const source = asking([edge]);
  expect(totals(await ask(plugin(), source, STOPS))).toEqual({ [CLOSED]: before });
  edge.step(step);
  stop(edge, 5, 'Slow Consumer (Pending Bytes)');
  for (let read = 2; read <= 3; read++) {
    const answer = await ask(plugin(), source, STOPS);
    expect(totals(answer)).toEqual({ [CLOSED]: before, [SLOW]: 5 });
    expect(notices(answer)).not.toContain('had already left its ring');
  }
  const [state] = rows(await ask(plugin(), source, { queryType: 'servers', view: 'table' }));
  expect(state).toMatchObject({ evicted_before: 0, records_lost: 0 });
});

test('by a few seconds', async () => {
  const edge = await serverWith(200);
  const source = asking([edge]);
  expect(totals(await ask(plugin(), source, STOPS))).toEqual({ [CLOSED]: 200 });
  edge.step(-5_000);
  stop(edge, 5, 'Slow Consumer (Pending Bytes)');
  expect(totals(await ask(plugin(), source, STOPS))).toEqual({ [CLOSED]: 200, [SLOW]: 5 });
});
