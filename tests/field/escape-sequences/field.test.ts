import { asking, useImitations } from '../../harness/imitations';
import { ask, rows, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const MOST = 1_000;

test('each stop is one line, without control or direction characters', async () => {
  const source = asking([await serve('n1')]);
  const lines = rows(await ask(plugin(), source, { queryType: 'stops', view: 'logs' })).map(({ body }) => String(body));
  expect(lines).toHaveLength(7);
  for (const line of lines) {
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    expect(line.length).toBeLessThan(MOST);
  }
});
