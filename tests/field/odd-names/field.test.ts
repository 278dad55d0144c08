import { asking, useImitations } from '../../harness/imitations';
import { ALERT, ask, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const NAMES = [
  'other',
  'other (groups)',
  '(unnamed)',
  '(not logged in)',
  'null',
  'undefined',
  'true',
  '0',
  '__proto__',
  'constructor',
  'a,b',
  'a|b',
  '{a,b}',
  "it's",
  '"quoted"',
  'back\\slash',
  '.*',
  '*',
  '>',
  '(',
  'a=b',
  'A (B)',
  ' before',
  'after ',
  'two  blanks',
  'ünïcode',
  '日本語',
  '😀',
  '$G',
  '100%',
];
const KEYS = { account: 'account', name: 'name', user: 'authorized_user', mqtt_client: 'mqtt_client' };

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

test.each(Object.entries(KEYS))('as %s', async (key, member) => {
  const n1 = await serve('n1');
  const { varz, closed } = n1.replies;
  const [one] = closed.splice(0);
  NAMES.forEach((name, i) => closed.push({ ...one, cid: i + 1, name: 'web', authorized_user: 'u', [member]: name }));
  varz.total_connections = NAMES.length;
  const source = asking([n1]);
  const counting = (filters: object[], view = 'totals') => ({ queryType: 'stops', view, groupBy: [key], filters });

  for (const headers of [{}, ALERT]) {
    const groups = totals(await ask(plugin(), source, counting([]), { headers }));
    expect(groups).toEqual(Object.fromEntries(NAMES.map((name) => [`${key}=${name}`, 1])));
  }
  const all = rows(await ask(plugin(), source, { queryType: 'values', key }));
  expect(all.map(({ value }) => value)).toEqual(expect.arrayContaining(NAMES));
  for (const name of NAMES) {
    for (const [operator, value] of [
      ['=', name],
      ['=|', name],
      ['=~', quoted(name)],
    ]) {
      const found = await ask(plugin(), source, counting([{ key, operator, values: [value] }], 'records'));
      expect([operator, name, rows(found).map((row) => row[key])]).toEqual([operator, name, [name]]);
    }
  }
});

test.each(['${x}', '[[x]]'])('%s can only be a variable', async (name) => {
  const n1 = await serve('n1');
  n1.replies.closed.forEach((stop) => Object.assign(stop, { name }));
  const source = asking([n1]);
  const counting = (operator: string, value: string) => ({
    queryType: 'stops',
    view: 'totals',
    groupBy: ['name'],
    filters: [{ key: 'name', operator, values: [value] }],
  });
  expect((await ask(plugin(), source, counting('=', name))).error).toContain('is a dashboard variable');
  expect(totals(await ask(plugin(), source, counting('=~', quoted(name))))).toEqual({ [`name=${name}`]: 3 });
});
