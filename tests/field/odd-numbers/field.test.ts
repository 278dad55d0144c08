import { asking, useImitations } from '../../harness/imitations';
import { ask, notices, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname, 'n1-in_bytes-1e+15');

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['reason'] };

test.each(['in_bytes-1e+15', 'in_bytes-264-1', 'port-text', 'rtt-empty', 'start-missing', 'stop-empty'])(
  'with %s all three records are counted',
  async (odd) => {
    const source = asking([await serve(`n1-${odd}`)]);
    expect(totals(await ask(plugin(), source, STOPS))).toEqual({ 'reason=Slow Consumer (Pending Bytes)': 3 });
  }
);

test.each([
  ['in_bytes-264-1', 'in_bytes'],
  ['port-text', 'port'],
])('that %s could not be read is told', async (odd, field) => {
  const source = asking([await serve(`n1-${odd}`)]);
  expect(notices(await ask(plugin(), source, STOPS))).toContain(field);
});

test.each(['100', 'many'])('the limit "%s", a text, is a sentence', async (limit) => {
  const source = asking([await serve('n1-rtt-empty')]);
  const { status, error } = await ask(plugin(), source, { ...STOPS, view: 'table', limit });
  expect([status, error]).toEqual([400, 'limit: is a string; it must be a whole number.']);
});
