import { ask, frameOf, totals, usePlugin } from '../harness/plugin';
import { overHTTP, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

test('an empty ring is zero, not no data', async () => {
  const source = overHTTP([await servers.start()]);
  const asked = (query: object) => ask(plugin(), source, { queryType: 'stops', view: 'totals', ...query });
  expect(totals(await asked({ groupBy: ['reason'] }))).toEqual({ '': 0 });
  const reasons = ['Slow Consumer (Pending Bytes)', 'Slow Consumer (Write Deadline)'];
  const filters = [{ key: 'reason', operator: '=|', values: reasons }];
  expect(totals(await asked({ groupBy: ['reason', 'server'], filters }))).toEqual({
    'reason=Slow Consumer (Pending Bytes)': 0,
    'reason=Slow Consumer (Write Deadline)': 0,
  });
  const series = frameOf(await asked({ view: 'timeseries' }));
  const [, numbers = []] = series.data.values;
  expect(series.schema.fields).toHaveLength(2);
  expect(numbers.length).toBeGreaterThanOrEqual(60);
  expect(new Set(numbers)).toEqual(new Set([0]));
});

test('an account that nobody knows has stopped zero times', async () => {
  const source = overHTTP([await servers.start()]);
  const filters = [{ key: 'account', operator: '=', values: ['nobody'] }];
  const result = await ask(plugin(), source, { queryType: 'stops', view: 'totals', groupBy: ['account'], filters });
  expect(totals(result)).toEqual({ 'account=nobody': 0 });
});
