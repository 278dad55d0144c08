import { asking, useImitations } from '../../harness/imitations';
import { ask, rows, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

test('nobody is idle, or there, for less than no time', async () => {
  const source = asking([await serve('n1')]);
  const found = rows(await ask(plugin(), source, { queryType: 'connections', view: 'records' }));
  expect(found).toHaveLength(2);
  for (const { idle, duration } of found) {
    expect(Number(idle)).toBeGreaterThanOrEqual(0);
    expect(Number(duration)).toBeGreaterThanOrEqual(0);
  }
});

test('ages are as of the reply that tells them', async () => {
  const n1 = await serve('n1');
  const { varz, open } = n1.replies;
  const now = Date.parse(String(varz.now));
  n1.instead = (request, response) => {
    const list = { server_id: varz.server_id, now: new Date(now + 60).toISOString(), total: 1, num_connections: 1 };
    const answer = request.url?.startsWith('/varz') ? varz : { ...list, connections: open.slice(0, 1) };
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
  };
  const [one] = rows(await ask(plugin(), asking([n1]), { queryType: 'connections', view: 'records' }));
  expect([Number(one?.idle).toFixed(3), Number(one?.duration).toFixed(3)]).toEqual(['0.010', '0.040']);
});
