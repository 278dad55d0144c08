import { type DataSource } from '../../../lab/host';
import { visit } from '../../../lab/clients';
import { eventually } from '../../harness/eventually';
import { ask, dataSource, totals, usePlugin } from '../../harness/plugin';
import { useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const user = (name: string) => ({ users: [{ user: name, password: name }] });
const BY_ACCOUNT = {
  queryType: 'stops',
  view: 'totals',
  groupBy: ['account'],
  filters: [{ key: 'account', operator: '!=', values: ['SYS'] }],
};

/** What was counted by account in one organisation's series. */
async function counted({ uid, orgId }: DataSource): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of (await plugin().metrics()).split('\n')) {
    const has = (label: string, value: unknown) => line.includes(`${label}="${String(value)}"`);
    if (line.startsWith('nats_connections_stopped_total{') && has('datasource_uid', uid) && has('org', orgId)) {
      const account = /account="([^"]*)"/.exec(line)?.[1] ?? '';
      counts[account] = (counts[account] ?? 0) + Number(line.split(' ').at(-1));
    }
  }
  const { SYS: _, ...others } = counts;
  return others;
}

test('each organisation has its own answers, series and counts', async () => {
  const n1 = await servers.start({
    server_name: 'n1',
    system_account: 'SYS',
    accounts: { SYS: user('sys'), A: user('a'), B: user('b') },
  });
  const one = (nats: object, natsPassword: string, orgId: number): DataSource =>
    dataSource(
      { nats: { servers: [n1.url], auth: 'user', ...nats } },
      {
        uid: 'provisioned',
        name: 'NATS',
        orgId,
        secureJsonData: { natsPassword },
      }
    );
  const tenant = one({ user: 'a', scope: 'account' }, 'a', 1);
  const system = one({ user: 'sys' }, 'sys', 2);
  const sees = (source: DataSource, want: object) =>
    eventually(async () => expect(totals(await ask(plugin(), source, BY_ACCOUNT))).toEqual(want));
  await ask(plugin(), tenant, BY_ACCOUNT);
  await ask(plugin(), system, BY_ACCOUNT);

  const visits = async (name: string, count: number) => {
    for (let i = 0; i < count; i++) {
      await visit(n1, { user: name, pass: name });
    }
  };
  await visits('a', 2);
  await visits('b', 3);
  // The tenant looks often, and the system's login once.
  for (const a of [4, 6, 9]) {
    await visits('a', a === 9 ? 3 : 2);
    await sees(tenant, { 'account=A': a });
  }
  await visits('b', 10);
  await sees(system, { 'account=A': 9, 'account=B': 13 });
  await sees(tenant, { 'account=A': 9 });

  expect(await counted(tenant)).toEqual({ A: 9 });
  expect(await counted(system)).toEqual({ A: 9, B: 13 });
});
