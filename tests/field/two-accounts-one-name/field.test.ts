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
