import { type DataSource } from '../../../lab/host';
import { type NatsServer } from '../../../lab/nats-server';
import { visits } from '../../../lab/clients';
import { eventually } from '../../harness/eventually';
import { ask, totals, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, overNATS, ringOf, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const { config: ring } = ringOf(4);
const ANSWERED = { queryType: 'servers', view: 'totals', metric: 'answered', groupBy: ['server'] };
const VISITORS = {
  queryType: 'stops',
  view: 'totals',
  groupBy: [],
  filters: [{ key: 'account', operator: '=', values: ['APP'] }],
};
const ROUNDS = 5;

interface Listed {
  servers: Array<{ id: string; name: string; answered: boolean; error?: string }>;
}

async function listed(source: DataSource): Promise<Listed['servers']> {
  const { status, body } = await plugin().resource(source, { path: 'servers' });
  expect(status).toBe(200);
  return (JSON.parse(body) as Listed).servers;
}

test('a server that is gone for good is forgotten alone', async () => {
  const all = await servers.cluster(['n1', 'n2', 'n3'], { ...ACCOUNTS, ...ring });
  const [n1, , n3] = all as [NatsServer, NatsServer, NatsServer];
  const source = overNATS([n1]);
  const answered = async () => totals(await ask(plugin(), source, ANSWERED));
  const visitors = async () => totals(await ask(plugin(), source, VISITORS))[''];
  await eventually(async () => expect(await answered()).toEqual({ 'server=n1': 1, 'server=n2': 1, 'server=n3': 1 }));
  for (let round = 1; round <= ROUNDS; round++) {
    await visits(n1, 2);
    await visits(n3, 2);
    await eventually(async () => expect(await visitors()).toBe(round * 4));
  }

  await n3.stop();
  const down = { 'server=n1': 1, 'server=n2': 1, 'server=n3': 0 };
  await eventually(async () => expect(await answered()).toEqual(down));
  const gone = (await listed(source)).find(({ name }) => name === 'n3');
  expect(gone).toMatchObject({ answered: false, error: expect.any(String) });
  const forget = (id: unknown, role = 'Admin') =>
    plugin().resource(source, { path: 'forget-server', method: 'POST', body: JSON.stringify({ id }), role });

  expect(await forget(gone?.id, 'Viewer')).toMatchObject({ status: 403 });
  expect(await answered()).toEqual(down);
  const [up] = (await listed(source)).filter(({ name }) => name === 'n2');
  expect(await forget(up?.id)).toMatchObject({ status: 409, body: expect.stringContaining('It answers') });
  expect(await forget('')).toMatchObject({ status: 400 });

  expect(await forget(gone?.id)).toMatchObject({ status: 200 });
  expect(await answered()).toEqual({ 'server=n1': 1, 'server=n2': 1 });
  expect(await visitors()).toBe(ROUNDS * 4);

  // It is not forgotten for ever: started again, it is there again.
  await n3.start();
  await eventually(async () => expect(await answered()).toEqual({ 'server=n1': 1, 'server=n2': 1, 'server=n3': 1 }));
  expect(await visitors()).toBe(ROUNDS * 4);
});
