import { ask, rows, totals, usePlugin } from '../../harness/plugin';
import { asking, useImitations } from '../../harness/imitations';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['reason'] };

test('the stop of a device is counted, and its record shows the client id', async () => {
  const source = asking([await serve('n1')]);
  expect(totals(await ask(plugin(), source, STOPS))).toEqual({ 'reason=Read Error': 1 });
  const [record] = rows(await ask(plugin(), source, { queryType: 'stops', view: 'records' }));
  expect(record).toMatchObject({ mqtt_client: 'pump-17', user: 'dev17' });
});
