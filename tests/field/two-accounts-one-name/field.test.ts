import { asking, useImitations } from '../../harness/imitations';
import { ALERT, ask, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['account'] };

test('two accounts of one name are two groups', async () => {
  const source = asking([await serve('n1')]);
  for (const headers of [{}, ALERT]) {
    const groups = totals(await ask(plugin(), source, STOPS, { headers }));
    expect(Object.values(groups).sort()).toEqual([3, 7]);
    expect(Object.keys(groups).sort()).toEqual([
      expect.stringMatching(/^account=APP \(AAONE.*…\)$/),
      expect.stringMatching(/^account=APP \(AATWO.*…\)$/),
    ]);
  }
  const open = { queryType: 'connections', view: 'totals', groupBy: ['account'] };
  expect(Object.values(totals(await ask(plugin(), source, open))).sort()).toEqual([2, 5]);
});

test('accounts are grouped by their keys, too', async () => {
  const source = asking([await serve('n1')]);
  const groups = totals(await ask(plugin(), source, { ...STOPS, groupBy: ['account_id'] }));
  expect(Object.values(groups).sort()).toEqual([3, 7]);
});

test('a label is a filter, and the name alone is none of both', async () => {
  const source = asking([await serve('n1')]);
  const counted = async (key: string, value: string) => {
    const filters = [{ key, operator: '=', values: [value] }];
    return totals(await ask(plugin(), source, { ...STOPS, filters }));
  };
  const groups = totals(await ask(plugin(), source, STOPS));
  for (const [label, stops] of Object.entries(groups)) {
    expect(await counted('account', label.slice('account='.length))).toEqual({ [label]: stops });
  }
  const ids = totals(await ask(plugin(), source, { ...STOPS, groupBy: ['account_id'] }));
  for (const [label, stops] of Object.entries(ids)) {
    expect(Object.values(await counted('account_id', label.slice('account_id='.length)))).toEqual([stops]);
  }
  expect(Object.keys(ids)).toHaveLength(2);
});

test('each account has counters of its own', async () => {
  const source = asking([await serve('n1')]);
  await ask(plugin(), source, STOPS);
  const counters = (await plugin().metrics())
    .split('\n')
    .filter((line) => line.startsWith('nats_connections_stopped_total{') && line.includes(source.uid))
    .map((line) => /account="([^"]*)"/.exec(line)?.[1]);
  expect(new Set(counters).size).toBe(2);
  expect([...new Set(counters)]).toEqual(
    expect.arrayContaining([expect.stringContaining('AAONE'), expect.stringContaining('AATWO')])
  );
});
