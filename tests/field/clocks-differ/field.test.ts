import path from 'node:path';

import { readQuestions } from '../../../lab/demo/provisioning';
import { asking, useImitations } from '../../harness/imitations';
import { ALERT, MINUTE, ask, last, notices, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname, 'n1-offset0m');

const rules = readQuestions(path.join(__dirname, '../../../provisioning')).filter(({ isAlert }) => isAlert);
const [RULE] = rules.filter(({ title }) => title.startsWith('NATS slow consumer')).flatMap(({ queries }) => queries);
const OFFSET = { queryType: 'servers', view: 'totals', metric: 'clock_offset', groupBy: ['server'] };

test.each([
  ['n1-offset-15m', -15 * 60, 'behind'],
  ['n1-offset-7m', -7 * 60, 'behind'],
  ['n1-offset0m', 0, ''],
  ['n1-offset15m', 15 * 60, 'ahead of'],
])('%s: the shipped rule fires, and the clock is told', async (name, seconds, where) => {
  const source = asking([await serve(name)]);
  const fired = await ask(plugin(), source, RULE ?? {}, { range: last(10 * MINUTE), headers: ALERT });
  expect(
    Object.values(totals(fired))
      .map(Number)
      .reduce((sum, n) => sum + n, 0)
  ).toBe(5);

  const panel = await ask(plugin(), source, { queryType: 'stops', view: 'totals' }, { range: last(10 * MINUTE) });
  const { status, message } = await plugin().health(source);
  expect(status).toBe('OK');
  if (seconds === 0) {
    expect(notices(panel) + message).not.toContain('clock');
  } else {
    for (const told of [notices(panel), message]) {
      // The recordings are made one after the other, a second apart.
      expect(told).toMatch(new RegExp(`n1's clock is (14|15|7|6)m\\d+s ${where} Grafana's`));
    }
  }
  const offset = Number(totals(await ask(plugin(), source, OFFSET))['server=n1']);
  expect(Math.abs(offset - seconds)).toBeLessThan(5);
});

test("times are Grafana's, and the server's own stays in a column", async () => {
  const source = asking([await serve('n1-offset-15m')]);
  const range = last(MINUTE);
  const stops = rows(await ask(plugin(), source, { queryType: 'stops', view: 'records' }, { range }));
  expect(stops).toHaveLength(5);
  for (const { time, server_time } of stops) {
    expect(Math.abs(Number(time) - Number(server_time) - 15 * MINUTE)).toBeLessThan(5_000);
  }
});
