import { asking, closeOn, useImitations } from '../../harness/imitations';
import { ALERT, ask, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['account'] };

test('two accounts of one name are two groups', async () => {
  const source = asking([await serve('n1')]);
  for (const headers of [{}, ALERT]) {
    const groups = totals(await ask(plugin(), source, STOPS, { headers }));
    expect(Object.entries(groups).sort()).toEqual([
      [expect.stringMatching(/^account=APP \(AAONE.*…\)$/), 3],
      [expect.stringMatching(/^account=APP \(AATWO.*…\)$/), 7],
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
  expect(await counted('account', 'APP')).toEqual({ 'account=APP': 0 });
  const ids = totals(await ask(plugin(), source, { ...STOPS, groupBy: ['account_id'] }));
  for (const [label, stops] of Object.entries(ids)) {
    expect(Object.values(await counted('account_id', label.slice('account_id='.length)))).toEqual([stops]);
  }
  expect(Object.keys(ids)).toHaveLength(2);
});

test('each account has counters of its own', async () => {
  const n1 = await serve('n1');
  const source = asking([n1]);
  await ask(plugin(), source, STOPS);
  const like = (key: string) => n1.replies.closed.find(({ account }) => String(account).startsWith(key));
  closeOn(n1, 1, like('AAONE'));
  closeOn(n1, 2, like('AATWO'));
  await ask(plugin(), source, STOPS);
  const counters: Record<string, number> = {};
  for (const line of (await plugin().metrics()).split('\n')) {
    const [, account = ''] = /account="([^"]*)"/.exec(line) ?? [];
    if (line.startsWith('nats_connections_stopped_total{') && line.includes(source.uid)) {
      counters[account] = (counters[account] ?? 0) + Number(line.split(' ').at(-1));
    }
  }
  expect(Object.entries(counters).sort()).toEqual([
    [expect.stringContaining('AAONE'), 1],
    [expect.stringContaining('AATWO'), 2],
  ]);
});
