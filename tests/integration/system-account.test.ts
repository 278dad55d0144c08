/** One login of the system account sees all servers. */
import { type NatsServer } from '../../lab/nats-server';
import { RawClient } from '../../lab/raw-client';
import { connect } from '../../lab/clients';
import { eventually } from '../harness/eventually';
import { ask, frameOf, totals, usePlugin } from '../harness/plugin';
import { RELEASE, overNATS, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const BY_SERVER = { queryType: 'stops', view: 'totals', groupBy: ['server'] };
const ANSWERED = { queryType: 'servers', view: 'totals', metric: 'answered', groupBy: ['server'] };

const user = (name: string) => ({ users: [{ user: name, password: 's3cret' }] });

const systemCluster = async () =>
  (await servers.cluster(['n1', 'n2', 'n3'], {
    system_account: 'SYS',
    lame_duck_duration: '1m',
    lame_duck_grace_period: '30s',
    accounts: { SYS: user('grafana'), orders: user('tenant') },
  })) as [NatsServer, NatsServer, NatsServer];

test('the stops of all servers are seen through one of them, alone and with HTTP', async () => {
  const cluster = await systemCluster();
  const [n1, n2, n3] = cluster;
  for (const [i, server] of cluster.entries()) {
    for (let visitor = 0; visitor <= i; visitor++) {
      await (await RawClient.open(server.address)).end();
    }
  }
  const all = `3 of 3 servers answered (NATS ${RELEASE})`;
  for (const [source, said] of [
    [overNATS([n2]), [all]],
    [
      overNATS([n3], {}, { urls: [n1.monitor, n2.monitor] }),
      [`HTTP monitoring: 2 of 2 servers answered (NATS ${RELEASE})`, ` NATS system account: ${all}`],
    ],
  ] as const) {
    await eventually(async () =>
      expect(totals(await ask(plugin(), source, BY_SERVER))).toEqual({ 'server=n1': 1, 'server=n2': 2, 'server=n3': 3 })
    );
    const { status, message } = await plugin().health(source);
    expect(status).toBe('OK');
    said.forEach((part) => expect(message).toContain(part));
  }
});

test('a server in lame duck mode is silent on NATS, but not missing over HTTP', async () => {
  const [n1, , n3] = await systemCluster();
  const source = overNATS([n1], {}, { urls: [n3.monitor] });
  const alone = overNATS([n1]);
  const all = { 'server=n1': 1, 'server=n2': 1, 'server=n3': 1 };
  await eventually(async () => expect(totals(await ask(plugin(), source, ANSWERED))).toEqual(all));
  await eventually(async () => expect(totals(await ask(plugin(), alone, ANSWERED))).toEqual(all));
  // Without clients it would end at once.
  const client = await connect(n3, { user: 'tenant', pass: 's3cret' });
  n3.enterLameDuck();
  await eventually(async () => expect(totals(await ask(plugin(), alone, ANSWERED))).toMatchObject({ 'server=n3': 0 }));
  expect(totals(await ask(plugin(), source, ANSWERED))).toEqual(all);
  client.reset();
});

test('a login of another account is told, and a wrong one without its password', async () => {
  const [n1] = await systemCluster();
  const why = 'These credentials are not of the system account.';
  const tenant = overNATS([n1], { user: 'tenant' });
  const { error, errorSource } = await ask(plugin(), tenant, BY_SERVER);
  expect(error).toContain(why);
  expect(errorSource).toBe('downstream');
  const health = await plugin().health(tenant);
  expect(health.status).toBe('ERROR');
  expect(health.message).toContain(`at the step "identity": ${why}`);

  const { message, details } = await plugin().health(overNATS([n1], { user: 'nobody' }));
  expect(message).toContain('at the step "connection": NATS refused these credentials.');
  expect(message + details).not.toContain('s3cret');
});

test('the query inspector shows the subjects that were asked', async () => {
  const [n1] = await systemCluster();
  await eventually(async () => {
    const { meta } = frameOf(await ask(plugin(), overNATS([n1]), BY_SERVER)).schema;
    const lines = meta?.executedQueryString?.split('\n');
    expect(lines).toContain('n1 answered');
    expect(lines).toContain('  $SYS.REQ.SERVER.PING.STATSZ');
    expect(meta?.executedQueryString).not.toContain('s3cret');
  });
});
