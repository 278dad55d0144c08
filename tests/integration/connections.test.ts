import { type RawClient } from '../../lab/raw-client';
import { connect } from '../../lab/clients';
import { eventually } from '../harness/eventually';
import { ask, rows, totals, usePlugin } from '../harness/plugin';
import { overHTTP, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();
const clients: RawClient[] = [];

afterEach(() => clients.splice(0).forEach((client) => client.reset()));

test('open connections are listed with what they do', async () => {
  const n1 = await servers.start({ server_name: 'n1' });
  const source = overHTTP([n1]);
  const sort = { by: 'subscriptions', desc: true };
  const list = async () => rows(await ask(plugin(), source, { queryType: 'connections', view: 'records', sort }));
  for (const [i, name] of ['api-0', 'api-1'].entries()) {
    const client = await connect(n1, { name });
    clients.push(client);
    for (let sub = 0; sub <= i; sub++) {
      client.send(`SUB a.${sub} ${sub}\r\n`);
    }
    await eventually(async () => {
      const found = await list();
      expect(found).toHaveLength(i + 1);
      expect(found[0]).toMatchObject({ subscriptions: i + 1 });
    });
  }
  expect(await list()).toMatchObject([{ name: 'api-1', app: 'api', account: '$G' }, { name: 'api-0' }]);
  const byApp = { queryType: 'connections', view: 'totals', groupBy: ['app'] };
  expect(totals(await ask(plugin(), source, byApp))).toMatchObject({ 'app=api': 2 });
});
