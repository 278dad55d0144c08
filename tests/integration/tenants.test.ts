/** Logins of ordinary accounts see the stops of their own account. */
import { type DataSource } from '../../lab/host';
import { type NatsServer } from '../../lab/nats-server';
import { visit } from '../../lab/clients';
import { eventually } from '../harness/eventually';
import { ask, frameOf, notices, totals, usePlugin } from '../harness/plugin';
import { RELEASE, overNATS, ringOf, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const { ring, config: limit } = ringOf(5);
const BY_ACCOUNT_AND_SERVER = { queryType: 'stops', view: 'totals', groupBy: ['account', 'server'] };

const user = (name: string) => ({ users: [{ user: name, password: 's3cret' }] });

/** Two servers with two accounts besides the system's, and small rings. */
const tenantCluster = () =>
  servers.cluster(['n1', 'n2'], {
    ...limit,
    system_account: 'SYS',
    accounts: { SYS: user('grafana'), orders: user('orders'), billing: user('billing') },
  });

const asAccount = (name: string, server: NatsServer): DataSource =>
  overNATS([server], { scope: 'account', user: name });

const visitAs = (name: string, server: NatsServer) => visit(server, { user: name, pass: 's3cret' });

test('tenants see their own stops', async () => {
  const [n1, n2] = (await tenantCluster()) as [NatsServer, NatsServer];
  await visitAs('orders', n1);
  await visitAs('billing', n2);
  await visitAs('billing', n2);
  for (const [name, want] of Object.entries({
    orders: { 'account=orders,server=n1': 1 },
    billing: { 'account=billing,server=n2': 2 },
  })) {
    const source = asAccount(name, n1);
    await eventually(async () => expect(totals(await ask(plugin(), source, BY_ACCOUNT_AND_SERVER))).toEqual(want));
    for (const [metric, count] of Object.entries({ answered: 2, oldest_age: 2, open: 0, evicted_before: 0 })) {
      const query = { queryType: 'servers', view: 'totals', metric, groupBy: ['server'] };
      const { fields } = frameOf(await ask(plugin(), source, query)).schema;
      expect([metric, fields.length]).toEqual([metric, count]);
    }
    const { status, message } = await plugin().health(source);
    expect(status).toBe('OK');
    expect(message).toMatch(new RegExp(`^2 of 2 servers answered \\(NATS ${RELEASE.replaceAll('.', '\\.')}\\)`));
    expect(message).toContain(` of account ${name}`);
  }
});

test('a tenant is told when its records were pushed out by the stops of others', async () => {
  const [n1] = (await tenantCluster()) as [NatsServer];
  const source = asAccount('orders', n1);
  const filters = [{ key: 'server', operator: '=', values: ['n1'] }];
  const seen = (count: number) =>
    eventually(async () => {
      const query = { queryType: 'stops', view: 'totals', groupBy: ['server'], filters };
      expect(totals(await ask(plugin(), source, query))).toMatchObject({ 'server=n1': count });
    });
  await visitAs('orders', n1);
  await seen(1);
  for (let i = 0; i <= ring; i++) {
    await visitAs('billing', n1);
  }
  await visitAs('orders', n1);
  await seen(2);
  const told = notices(await ask(plugin(), source, BY_ACCOUNT_AND_SERVER));
  expect(told).toContain('n1 may have lost records of stops between ');
});

test('a login of the system account is no account', async () => {
  const [n1] = (await tenantCluster()) as [NatsServer];
  const { error } = await ask(plugin(), asAccount('grafana', n1), BY_ACCOUNT_AND_SERVER);
  expect(error).toContain('These credentials are of the system account. Choose NATS system account');
});

test('a tenant is told which findings it cannot have', async () => {
  const [n1] = (await tenantCluster()) as [NatsServer];
  const source = asAccount('orders', n1);
  const findings = { queryType: 'findings', view: 'totals' };
  const only = (...values: string[]) => ({ ...findings, filters: [{ key: 'finding', operator: '=|', values }] });
  const unseen = /does not see what these rules need.*Login broken.*Server restart/;
  expect(notices(await ask(plugin(), source, findings))).toMatch(unseen);
  expect((await ask(plugin(), source, only('login_broken', 'server_restart'))).error).toContain('does not see');
  expect(totals(await ask(plugin(), source, only('login_broken', 'slow_consumer')))).toEqual({
    'finding=slow_consumer': 0,
  });
});
