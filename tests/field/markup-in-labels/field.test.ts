import { type Imitation } from '../../../lab/imitation';
import { asking, useImitations } from '../../harness/imitations';
import { ALERT, ask, frameOf, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

/** How much of a name a label has, and the mark that it goes on. */
const MOST = 200 + 1;
const ODD = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const by = (...groupBy: string[]) => ({ queryType: 'stops', view: 'totals', groupBy });

function called(server: Imitation, ...names: string[]): void {
  const { varz, closed } = server.replies;
  const [one] = closed.splice(0);
  names.forEach((name, i) => closed.push({ ...one, cid: i + 1, name }));
  varz.total_connections = names.length;
}

test.each(['app', 'name'])(
  'in an alert the %s of each client is one clean label, and that is a filter',
  async (key) => {
    const source = asking([await serve('n1')]);
    const groups = totals(await ask(plugin(), source, by(key), { headers: ALERT }));
    expect(Object.keys(groups)).toEqual(
      expect.arrayContaining([`${key}=<x`, `${key}=a\\nSeverity: critical`, `${key}={{ $values.A.Value }}`])
    );
    expect(Object.keys(groups)).toHaveLength(6);
    for (const [label, stops] of Object.entries(groups)) {
      const value = label.slice(`${key}=`.length);
      expect(value).not.toMatch(ODD);
      expect([...value].length).toBeLessThanOrEqual(MOST);
      const filters = [{ key, operator: '=', values: [value] }];
      expect(totals(await ask(plugin(), source, { ...by(key), filters }, { headers: ALERT }))).toEqual({
        [label]: stops,
      });
    }
  }
);

test('names that look the same in an alert are one alert, not an error', async () => {
  const n1 = await serve('n1');
  const long = 'x'.repeat(210);
  called(n1, 'a\nb', 'a\\nb', `${long}1`, `${long}2`);
  const source = asking([n1]);
  const labels = { 'name=a\\nb': 2, [`name=${'x'.repeat(200)}…`]: 2 };
  expect(totals(await ask(plugin(), source, by('name'), { headers: ALERT }))).toEqual(labels);

  const table = rows(await ask(plugin(), source, { ...by('name'), view: 'table' }, { headers: ALERT }));
  expect(table.map(({ name, stops }) => [`name=${name}`, stops])).toEqual(
    expect.arrayContaining(Object.entries(labels))
  );
  expect(table).toHaveLength(2);

  const over = { ...by('name'), view: 'timeseries', interval: '1s' };
  const { schema, data } = frameOf(await ask(plugin(), source, over, { headers: ALERT }));
  const [, ...series] = data.values.map((column) => column.reduce((sum: number, n) => sum + Number(n), 0));
  expect(
    schema.fields
      .slice(1)
      .map((field) => `name=${field.labels?.name}`)
      .sort()
  ).toEqual(Object.keys(labels).sort());
  expect(series).toEqual([2, 2]);
  // Panels tell them apart.
  expect(Object.values(totals(await ask(plugin(), source, by('name'))))).toEqual([1, 1, 1, 1]);
});
