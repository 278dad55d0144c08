import { visit } from '../../lab/clients';
import { ALERT, HOUR, MINUTE, ask, frameOf, last, usePlugin } from '../harness/plugin';
import { overHTTP, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

test('alerts get one number and finished buckets', async () => {
  const n1 = await servers.start({ server_name: 'n1' });
  await visit(n1, { name: 'web-0' });
  const source = overHTTP([n1]);
  const groups = { queryType: 'stops', view: 'table', groupBy: ['reason', 'server'] };
  const table = frameOf(await ask(plugin(), source, groups, { headers: ALERT }));
  expect(table.schema.fields.map(({ name }) => name)).toEqual(['reason', 'server', 'stops']);

  const range = last(HOUR);
  const over = { queryType: 'stops', view: 'timeseries', interval: '1m' };
  const series = frameOf(await ask(plugin(), source, over, { range, headers: ALERT }));
  const lastBucket = Number(series.data.values[0]?.at(-1));
  expect(lastBucket + MINUTE).toBeLessThanOrEqual(range.to);
  expect(lastBucket).toBeGreaterThan(range.from);
  expect(series.schema.meta?.type).toBe('timeseries-wide');
});
