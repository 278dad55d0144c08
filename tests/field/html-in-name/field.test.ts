import { asking, useImitations } from '../../harness/imitations';
import { ask, rows, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

test('the text of an annotation has no tags', async () => {
  const source = asking([await serve('n1')]);
  const found = rows(await ask(plugin(), source, { queryType: 'stops', view: 'records' }));
  expect(found).toHaveLength(6);
  for (const { text } of found) {
    expect(text).not.toMatch(/[<>"]/);
  }
  const image = found.find(({ name }) => String(name).startsWith('<img'));
  expect(image?.text).toContain(
    'Authentication Failure: &lt;img src=&#34;https://example.org/x.png&#34;&gt;payments (user u)'
  );
});
