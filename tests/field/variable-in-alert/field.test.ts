import { asking, useImitations } from '../../harness/imitations';
import { ALERT, ask, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const counting = (operator: string, ...values: unknown[]) => ({
  queryType: 'stops',
  view: 'totals',
  groupBy: ['account'],
  filters: [{ key: 'account', operator, values }],
});

test('what is still a variable is refused, and the accounts of NATS are answered', async () => {
  const source = asking([await serve('n1')]);
  const answered = (operator: string, ...values: unknown[]) =>
    ask(plugin(), source, counting(operator, ...values), { headers: ALERT });

  for (const [operator, text] of [
    ['=', '$account'],
    ['!=', '$account'],
    ['=|', '$account'],
    ['=~', '$account'],
    ['=~', '${account:regex}'],
    ['=~', '[[account]]'],
  ] as const) {
    const { error, status } = await answered(operator, text);
    expect([operator, text, status, error]).toEqual([operator, text, 400, expect.stringContaining(text)]);
    expect(error).toContain('which alert rules and public dashboards do not know; write the value.');
  }
  expect(totals(await answered('=', '$G'))).toEqual({ 'account=$G': 33 });
  expect(totals(await answered('=~', '\\$G|A'))).toMatchObject({ 'account=$G': 33 });
  expect(totals(await answered('=', '$SYS'))).toEqual({ 'account=$SYS': 0 });
});
