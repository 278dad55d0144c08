import { ask, rows, totals, usePlugin } from '../../harness/plugin';
import { asking, useImitations } from '../../harness/imitations';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const APPS = 1_500;

test('every app is a value, and all of them together are all stops', async () => {
  const n1 = await serve('n1');
  const { varz, closed } = n1.replies;
  const [one] = closed.splice(0);
  for (let cid = 1; cid <= APPS; cid++) {
    // Letters alone: a number at the end would be an instance of one app.
    const name = `svc${[cid / 676, cid / 26, cid].map((place) => String.fromCharCode(97 + (Math.floor(place) % 26))).join('')}`;
    closed.push({ ...one, cid, name });
  }
  Object.assign(varz, { total_connections: APPS });
  const source = asking([n1]);
  const values = rows(await ask(plugin(), source, { queryType: 'values', key: 'app' })).map(({ value }) =>
    String(value)
  );
  expect(new Set(values).size).toBe(APPS);

  const stops = { queryType: 'stops', view: 'totals', groupBy: [] };
  const filters = [{ key: 'app', operator: '=|', values }];
  expect(Object.values(totals(await ask(plugin(), source, { ...stops, filters })))).toEqual([APPS]);
  expect(Object.values(totals(await ask(plugin(), source, stops)))).toEqual([APPS]);
});
