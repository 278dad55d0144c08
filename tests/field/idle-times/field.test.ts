import { asking, useImitations } from '../../harness/imitations';
import { ask, rows, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

test('nobody is idle, or there, for less than no time', async () => {
  const source = asking([await serve('n1')]);
  const found = rows(await ask(plugin(), source, { queryType: 'connections', view: 'records' }));
  expect(found).toHaveLength(2);
  for (const { idle, duration } of found) {
    expect(Number(idle)).toBeGreaterThanOrEqual(0);
    expect(Number(duration)).toBeGreaterThanOrEqual(0);
  }
});
