import { asking, useImitations } from '../../harness/imitations';
import { type Row, ask, frameOf, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const MOST = 1_000;
const ODD = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

test('each stop is one line, without control or direction characters', async () => {
  const source = asking([await serve('n1')]);
  const lines = rows(await ask(plugin(), source, { queryType: 'stops', view: 'logs' })).map(({ body }) => String(body));
  expect(lines).toHaveLength(7);
  for (const line of lines) {
    expect(line).not.toMatch(ODD);
    expect(line.length).toBeLessThan(MOST);
  }
});

test('the labels of a line are the same, and each is a filter', async () => {
  const source = asking([await serve('n1')]);
  const lines = rows(await ask(plugin(), source, { queryType: 'stops', view: 'logs' }));
  const named = ({ labels }: Row) => {
    const json = Buffer.from(labels as unknown as Uint8Array).toString();
    return (JSON.parse(json) as { name: string }).name;
  };
  const names = lines.map(named);
  expect(names).toContain('\\u202egnp.exe');
  for (const name of names) {
    expect(name).not.toMatch(ODD);
    const filters = [{ key: 'name', operator: '=', values: [name] }];
    const found = await ask(plugin(), source, { queryType: 'stops', view: 'totals', groupBy: [], filters });
    expect(totals(found)).toEqual({ '': 1 });
  }
});

test.each([{ view: 'records' }, { view: 'table', groupBy: ['name'] }])(
  'a cell of $view shows no such character, and keeps the value',
  async (view) => {
    const source = asking([await serve('n1')]);
    const { schema, data } = frameOf(await ask(plugin(), source, { queryType: 'stops', ...view }));
    const index = schema.fields.findIndex(({ name }) => name === 'name');
    const config = schema.fields[index]?.config as { mappings?: Array<{ options: Record<string, { text: string }> }> };
    const shown = (value: string) => config.mappings?.[0]?.options[value]?.text ?? value;
    const values = (data.values[index] ?? []).map(String);
    expect(values).toContain('\u202egnp.exe');
    for (const value of values) {
      expect(shown(value)).not.toMatch(ODD);
    }
    expect(shown('\u202egnp.exe')).toBe('\\u202egnp.exe');
  }
);

test('the choices of a variable show none, and stand for the names', async () => {
  const source = asking([await serve('n1')]);
  const choices = rows(await ask(plugin(), source, { queryType: 'values', key: 'name' }));
  expect(choices.map(({ value }) => value)).toContain('\u202egnp.exe');
  for (const { text } of choices) {
    expect(String(text)).not.toMatch(ODD);
  }
});
