import { asking, useImitations } from '../../harness/imitations';
import { ask, rows, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

test('what is in front of the instance is the app', async () => {
  const source = asking([await serve('n1')]);
  const found = rows(await ask(plugin(), source, { queryType: 'stops', view: 'records' }));
  const apps = Object.fromEntries(found.map(({ name, app }) => [String(name), app]));
  expect(apps['cuda-vectoradd-29120880-jfl5c']).toBe('cuda-vectoradd');
  expect(apps['cuda-vectoradd-29120940-x2x4z']).toBe('cuda-vectoradd');
  for (const [name, app] of Object.entries(apps).filter(([one]) => one.startsWith('svc-'))) {
    expect([name, app]).toEqual([name, 'svc']);
  }
  for (const [name, app] of Object.entries(apps).filter(([one]) => one.startsWith('hab_client_'))) {
    expect([name, app]).toEqual([name, 'hab_client']);
  }
});
