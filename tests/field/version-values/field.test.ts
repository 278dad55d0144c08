import { asking, useImitations } from '../../harness/imitations';
import { ask, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

test('versions are those of client libraries, and those of servers where servers are asked about', async () => {
  const source = asking([await serve('n1')]);
  const values = rows(await ask(plugin(), source, { queryType: 'values', key: 'version' }));
  expect(values.flatMap((row) => Object.values(row))).not.toContain('2.10.14');
  expect(values.flatMap((row) => Object.values(row))).toContain('1.31.0');
  const by = (queryType: string) => ({ queryType, view: 'totals', groupBy: ['version'] });
  expect(totals(await ask(plugin(), source, by('stops')))).toEqual({ 'version=1.31.0': 3 });
  expect(totals(await ask(plugin(), source, { ...by('servers'), metric: 'answered' }))).toEqual({
    'version=2.10.14': 1,
  });
});
