import { asking, useImitations } from '../../harness/imitations';
import { ask, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

/** What the browser sends for a panel without filters below a dashboard with this one. */
const below = (filter: { key: string; operator: string; values: string[] }) => ({
  queryType: 'stops',
  view: 'totals',
  groupBy: ['reason'],
  filters: [{ ...filter, adHoc: true }],
});

test.each([
  [
    { key: 'account', operator: '<', values: ['B'] },
    `The dashboard's filter account < B cannot be used: "<" is unknown`,
  ],
  [
    { key: 'account', operator: '>', values: ['B'] },
    `The dashboard's filter account > B cannot be used: ">" is unknown`,
  ],
  [
    { key: 'namespace', operator: '=', values: ['x'] },
    `The dashboard's filter namespace = x cannot be used: stops cannot be`,
  ],
  [{ key: 'account', operator: '=~', values: ['('] }, `The dashboard's filter account =~ ( cannot be used: "("`],
])('%j is named as the dashboard’s', async (filter, sentence) => {
  const { error, status } = await ask(plugin(), asking([await serve('n1')]), below(filter));
  expect([status, error]).toEqual([400, expect.stringContaining(sentence)]);
});

test.each([2, 1.5, true, 1e21])('%j means its text', async (value) => {
  const n1 = await serve('n1');
  n1.replies.closed.forEach((stop) => Object.assign(stop, { account: String(value) }));
  const filters = [{ key: 'account', operator: '=', values: [value] }];
  const counted = await ask(plugin(), asking([n1]), { queryType: 'stops', view: 'totals', groupBy: [], filters });
  expect(totals(counted)).toEqual({ '': 3 });
});
