import { Host } from '../../lab/host';

const BINARY = () => process.env.PLUGIN_BINARY ?? '';

test('the process ends when it is asked to, and when it is told to', async () => {
  const asked = await Host.start(BINARY());
  await asked.close();
  expect(asked.alive).toBe(false);
  const told = await Host.start(BINARY());
  expect(await told.signal('SIGTERM')).not.toBe(1);
  expect(told.alive).toBe(false);
  await told.close();
});

test('what is no plugin is told', async () => {
  await expect(Host.start('/bin/echo')).rejects.toThrow('instead of go-plugin');
});
