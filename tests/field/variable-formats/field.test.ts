import { asking, useImitations } from '../../harness/imitations';
import { ask, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const counting = (operator: string, ...values: string[]) => ({
  queryType: 'stops',
  view: 'totals',
  groupBy: ['account'],
  filters: [{ key: 'account', operator, values }],
});

const FORMATS = [
  'csv',
  'pipe',
  'json',
  'raw',
  'text',
  'queryparam',
  'doublequote',
  'singlequote',
  'regex',
  'glob',
  'lucene',
];
const SPELLINGS = ['$account', '[[account]]', '[[account:csv]]', ...FORMATS.map((format) => `\${account:${format}}`)];

test.each([
  ['=|', ['A', '$G'], { 'account=$G': 3, 'account=A': 3 }],
  ['=~', ['(A|\\$G)'], { 'account=$G': 3, 'account=A': 3 }],
  ['!=|', ['A', '$G'], { 'account=B': 3 }],
  ['!~', ['(A|\\$G)'], { 'account=B': 3 }],
])('%s of both accounts', async (operator, values, want) => {
  expect(totals(await ask(plugin(), asking([await serve('n1')]), counting(operator, ...values)))).toEqual(want);
});

test.each(SPELLINGS)('%s is refused where nobody replaced it', async (spelling) => {
  const source = asking([await serve('n1')]);
  for (const operator of ['=', '!=', '=|', '!=|', '=~', '!~']) {
    const { error, status } = await ask(plugin(), source, counting(operator, spelling));
    expect([operator, status, error]).toEqual([operator, 400, expect.stringContaining(spelling)]);
    expect(error).toContain('is a dashboard variable');
  }
});
