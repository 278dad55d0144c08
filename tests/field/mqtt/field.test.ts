import { asking, useImitations } from '../../harness/imitations';
import { ask, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['reason'] };

test('a device is known by its client id', async () => {
  const source = asking([await serve('n1')]);
  expect(totals(await ask(plugin(), source, STOPS))).toEqual({ 'reason=Read Error': 1 });
  const [record] = rows(await ask(plugin(), source, { queryType: 'stops', view: 'records' }));
  expect(record).toMatchObject({ mqtt_client: 'pump-17', user: 'dev17', app: 'pump' });
  const [line] = rows(await ask(plugin(), source, { queryType: 'stops', view: 'logs' }));
  expect(line?.body).toMatch(/^Read Error: pump-17 \(user dev17\)/);
});

test('a device is no port scan, and its client id is a key', async () => {
  const source = asking([await serve('n1')]);
  const filters = [{ key: 'identified', operator: '=', values: ['true'] }];
  expect(totals(await ask(plugin(), source, { ...STOPS, filters }))).toEqual({ 'reason=Read Error': 1 });
  const byClient = { ...STOPS, groupBy: ['mqtt_client'] };
  expect(totals(await ask(plugin(), source, byClient))).toEqual({ 'mqtt_client=pump-17': 1 });
});

test('a bare TCP probe is none of them', async () => {
  const n1 = await serve('n1');
  const [{ mqtt_client: _, authorized_user: __, ...probe } = {}] = n1.replies.closed;
  n1.replies.closed.push({ ...probe, cid: 10, type: 'nats', reason: 'Client Closed' });
  const filters = [{ key: 'identified', operator: '=', values: ['false'] }];
  const result = await ask(plugin(), asking([n1]), { ...STOPS, filters });
  expect(totals(result)).toMatchObject({ 'reason=Client Closed': 1 });
});

test('the devices of a real server are told from its probe', async () => {
  const source = asking([await serve('real')]);
  const by = (...groupBy: string[]) => ask(plugin(), source, { ...STOPS, groupBy });
  expect(totals(await by('identified'))).toEqual({ 'identified=true': 4, 'identified=false': 1 });
  expect(totals(await by('app', 'account'))).toEqual({
    'account=IOT,app=pump': 3,
    'account=(not logged in),app=pump': 1,
    'account=(not logged in),app=(unnamed)': 1,
  });
});
