import { type Imitation } from '../../../lab/imitation';
import { asking, emptied, useImitations } from '../../harness/imitations';
import { exactTime } from '../../../lab/replies';
import { ALERT, ask, frameOf, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const APPS = 10_000;
const ACCOUNTS = 1_000;
const sum = (numbers: unknown[]): number => numbers.reduce((all: number, n) => all + Number(n), 0);

async function crowded(): Promise<Imitation> {
  const n1 = await serve('n1');
  const record = emptied(n1);
  const { varz, closed } = n1.replies;
  for (let cid = 1; cid <= APPS; cid++) {
    const letters = [cid % 26, (cid / 26) % 26, cid / 676].map((place) => String.fromCharCode(97 + Math.floor(place)));
    const stop = exactTime(n1.now() - (APPS - cid) * 100);
    const name = `app${letters.join('')}`;
    closed.push({ ...record, cid, name, account: `A${cid % ACCOUNTS}`, start: stop, last_activity: stop, stop });
  }
  varz.total_connections = APPS;
  return n1;
}

test('every stop counts, whatever it is grouped by', async () => {
  const source = asking([await crowded()]);
  for (const groupBy of [['app'], ['account'], ['account', 'app'], ['name', 'reason', 'ip']]) {
    for (const [headers, most] of [
      [{}, 50],
      [ALERT, 1_000],
    ] as const) {
      const query = { queryType: 'stops', view: 'totals', groupBy };
      const groups = Object.values(totals(await ask(plugin(), source, query, { headers })));
      expect([groupBy, sum(groups), groups.length <= most + 1]).toEqual([groupBy, APPS, true]);
      const table = rows(await ask(plugin(), source, { ...query, view: 'table' }, { headers }));
      expect([groupBy, sum(table.map(({ stops }) => stops))]).toEqual([groupBy, APPS]);
    }
    const series = { queryType: 'stops', view: 'timeseries', groupBy, interval: '1m' };
    const [, ...numbers] = frameOf(await ask(plugin(), source, series)).data.values;
    expect([groupBy, sum(numbers.flat())]).toEqual([groupBy, APPS]);
  }
});

test('every value can be chosen, and all of them at once', async () => {
  const source = asking([await crowded()]);
  const values = rows(await ask(plugin(), source, { queryType: 'values', key: 'app' })).map(({ value }) => value);
  expect(new Set(values).size).toBe(APPS);
  for (const operator of ['=|', '!=|']) {
    const filters = [{ key: 'app', operator, values }];
    const query = { queryType: 'stops', view: 'totals', groupBy: [], filters };
    expect(totals(await ask(plugin(), source, query))).toEqual({ '': operator === '=|' ? APPS : 0 });
  }
});
