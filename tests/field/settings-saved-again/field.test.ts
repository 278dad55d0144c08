import { type DataSource } from '../../../lab/host';
import { type Imitation } from '../../../lab/imitation';
import { eventually } from '../../harness/eventually';
import { asking, closeOn, emptied, useImitations } from '../../harness/imitations';
import { ALERT, ask, notices, rows, saved, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const RING = 4;
const KNOWN = 50;
const STOPS = { queryType: 'stops', view: 'totals', groupBy: [] };

async function known(source: DataSource, headers = {}): Promise<unknown> {
  return totals(await ask(plugin(), source, STOPS, { headers }))[''];
}

async function state(source: DataSource): Promise<object> {
  const [{ evicted_before, records_lost } = {}] = rows(
    await ask(plugin(), source, { queryType: 'servers', view: 'table' })
  );
  return { evicted_before, records_lost };
}

/** Has a data source know 50 stops of a server that shows four at a time. */
async function learned(jsonData: object = {}): Promise<{ n1: Imitation; source: DataSource }> {
  const n1 = await serve('n1');
  const record = emptied(n1);
  const source = asking([n1], jsonData);
  await ask(plugin(), source, STOPS);
  for (let stops = 2; stops <= KNOWN; stops += RING) {
    closeOn(n1, stops === 2 ? 2 : RING, record, RING);
    expect(await known(source)).toBe(stops);
  }
  return { n1, source };
}

test('the same settings again, and again, and with other words for how to read', async () => {
  const { n1, source } = await learned();
  let again = source;
  for (const change of [
    {},
    {},
    { timeout: 7 },
    { syncEvery: '1ms' },
    { classOverrides: { 'Client Closed': 'unexpected' } },
  ]) {
    again = saved(again, change);
    for (const headers of [{}, ALERT]) {
      expect(await known(again, headers)).toBe(KNOWN);
    }
    expect(await state(again)).toEqual({ evicted_before: 0, records_lost: 0 });
    expect(notices(await ask(plugin(), again, STOPS))).not.toContain('had already left its ring');
  }
  closeOn(n1, 1, {}, RING);
  expect(await known(saved(again, { syncEvery: '0s' }))).toBe(KNOWN + 1);
});

test('what was lost before stays told, in panels and as a number', async () => {
  const { n1, source } = await learned();
  closeOn(n1, 3 * RING, {}, RING);
  const lost = { evicted_before: 0, records_lost: 2 * RING };
  await eventually(async () => expect(await state(source)).toEqual(lost));
  expect(await state(saved(source, {}))).toEqual(lost);
  expect(notices(await ask(plugin(), saved(source, {}), STOPS))).toContain('lost the records of 8 stops');
});

test('with a login or another server instead nothing is taken over', async () => {
  const { source } = await learned();
  const other = await serve('n1');
  Object.assign(other.replies.varz, { server_id: 'OTHER' });
  emptied(other);
  expect(await known(saved(source, { urls: [other.url] }))).toBe(0);
  const login = { basicAuth: true, basicAuthUser: 'grafana', secureJsonData: { basicAuthPassword: 'secret' } };
  expect(await known(saved(source, {}, login))).toBe(RING);
});
