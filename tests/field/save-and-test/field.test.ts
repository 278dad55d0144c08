import { type Imitation } from '../../../lab/imitation';
import { asking, useImitations } from '../../harness/imitations';
import { usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const PORT = 'Of what n1 answered, this cannot be read and is left out: port (1).';

/** A server whose only record has all its fields. */
async function flawless(): Promise<Imitation> {
  const n1 = await serve('n1');
  n1.replies.closed.forEach((record) => Object.assign(record, { port: 4222 }));
  return n1;
}

test('nothing odd, nothing told', async () => {
  const { status, message } = await plugin().health(asking([await flawless()]));
  expect(status).toBe('OK');
  expect(message).toMatch(/^1 of 1 server answered .*, the oldest record from \S+Z\.$/);
});

test.each([
  [90_000, "n1's clock is 1m30s ahead of Grafana's; times are corrected by that."],
  [-5_000, "n1's clock is 5s behind Grafana's; times are corrected by that."],
  [1_000, undefined],
])('a clock that is off by %d ms', async (ms, told) => {
  const n1 = await flawless();
  n1.step(ms);
  const { status, message, details } = await plugin().health(asking([n1]));
  expect(status).toBe('OK');
  expect([message.includes("n1's clock"), details.includes("n1's clock")]).toEqual([!!told, !!told]);
  expect(message).toContain(told ?? '1 of 1 server answered');
});

test('a field that cannot be read', async () => {
  const { status, message, details } = await plugin().health(asking([await serve('n1')]));
  expect([status, message, details]).toEqual(['OK', expect.stringContaining(PORT), expect.stringContaining(PORT)]);
  expect(message).toContain('1 of 1 server answered');
});

test('two URLs of one server', async () => {
  const n1 = await flawless();
  const source = asking([n1], { urls: [n1.url, n1.url.replace('127.0.0.1', 'localhost')] });
  const { status, message } = await plugin().health(source);
  expect(status).toBe('OK');
  expect(message).toContain('1 of 1 server answered');
  expect(message).toContain('This is the same server as ');
});
