import { type NatsServer } from '../../../lab/nats-server';
import { eventually } from '../../harness/eventually';
import { ALERT, ask, notices, rows, totals, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, overHTTP, overNATS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const UNLISTED = { queryType: 'servers', view: 'totals', metric: 'unlisted', groupBy: ['cluster'] };
const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['server'] };
const ONE = 'Cluster lab has 3 servers, of which the settings list only 1:';
const TWO = 'Cluster lab has 3 servers, of which the settings list only 2:';

const three = async () =>
  (await servers.cluster(['n1', 'n2', 'n3'], () => ACCOUNTS)) as [NatsServer, NatsServer, NatsServer];

test('one URL of three: Save & test, panels and alert rules tell', async () => {
  const [n1, n2] = await three();
  const one = overHTTP([n1]);
  const { status, message, details } = await plugin().health(one);
  expect([status, message, details]).toEqual(['OK', expect.stringContaining(ONE), expect.stringContaining(ONE)]);
  expect(notices(await ask(plugin(), one, STOPS))).toContain(ONE);
  for (const headers of [{}, ALERT]) {
    expect(totals(await ask(plugin(), one, UNLISTED, { headers }))).toEqual({ 'cluster=lab': 2 });
  }
  const two = overHTTP([n1, n2]);
  expect((await plugin().health(two)).message).toContain(TWO);
  const table = rows(await ask(plugin(), two, { queryType: 'servers', view: 'table' }));
  expect(table.map(({ unlisted }) => unlisted)).toEqual([1, 1]);
});

test('all that run are listed: nothing is told, though one is down', async () => {
  const [n1, n2, n3] = await three();
  const all = overHTTP([n1, n2, n3]);
  expect((await plugin().health(all)).message).not.toContain('Cluster lab');
  await n3.stop();
  // Its URL may still be anybody's, and soon the others count it no more.
  const two = overHTTP([n1, n2]);
  for (const source of [all, two]) {
    await eventually(async () => expect(totals(await ask(plugin(), source, UNLISTED))).toEqual({ 'cluster=lab': 0 }));
    expect(notices(await ask(plugin(), source, STOPS))).not.toContain('Cluster lab');
  }
});

test('over NATS all members are asked, alone and beside one URL', async () => {
  const [n1, n2] = await three();
  for (const source of [overNATS([n2]), overNATS([n2], {}, { urls: [n1.monitor] })]) {
    await eventually(async () => expect(totals(await ask(plugin(), source, UNLISTED))).toEqual({ 'cluster=lab': 0 }));
    const { status, message } = await plugin().health(source);
    expect(status).toBe('OK');
    expect(message).not.toContain('Cluster lab');
  }
});
