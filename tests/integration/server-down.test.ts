import { visit } from '../../lab/clients';
import { eventually } from '../harness/eventually';
import { HOUR, ask, last, notices, totals, usePlugin } from '../harness/plugin';
import { overHTTP, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const BY_SERVER = { queryType: 'stops', view: 'totals', groupBy: ['server'] };

test('what was read stays, and a dead server has no zero', async () => {
  const n1 = await servers.start({ server_name: 'n1' });
  const n2 = await servers.start({ server_name: 'n2' });
  await Promise.all([visit(n1), visit(n2)]);
  const source = overHTTP([n1, n2]);
  const both = { 'server=n1': 1, 'server=n2': 1 };
  await eventually(async () => expect(totals(await ask(plugin(), source, BY_SERVER))).toEqual(both));
  await n2.stop();
  const result = await ask(plugin(), source, BY_SERVER);
  expect(totals(result)).toEqual(both);
  expect(notices(result)).toContain('No answer from n2 at ');

  const { from } = last(HOUR);
  const before = { range: { from: from - HOUR, to: from } };
  expect(totals(await ask(plugin(), source, BY_SERVER, before))).toEqual({ 'server=n1': 0 });
  const answered = await ask(plugin(), source, { queryType: 'servers', view: 'totals', metric: 'answered' });
  expect(totals(answered)).toEqual({ 'server=n1': 1, 'server=n2': 0 });
});
