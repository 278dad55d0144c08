import { buildRelease } from '../../../lab/binary';
import { visit, visits } from '../../../lab/clients';
import { NatsServer } from '../../../lab/nats-server';
import { freePorts } from '../../../lab/ports';
import { answering } from '../../harness/answers';
import { eventually } from '../../harness/eventually';
import { ask, dataSource, totals, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, overHTTP, overNATS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const OLDEST = '2.9.25';
const GROUPS = {
  queryType: 'stops',
  view: 'totals',
  groupBy: ['account', 'reason', 'server'],
  filters: [{ key: 'name', operator: '!=', values: ['grafana-nats-connections'] }],
};

let oldest: NatsServer | undefined;
afterEach(() => oldest?.stop());

test('both answer the same', async () => {
  const [route, other, port, http] = await freePorts(4);
  const member = (server_name: string, at: number | undefined) => ({
    ...ACCOUNTS,
    server_name,
    cluster: {
      name: 'lab',
      no_advertise: true,
      listen: `127.0.0.1:${at}`,
      routes: [route, other].map((to) => `nats://127.0.0.1:${to}`),
    },
  });
  const recent = await servers.start(member('recent', route));
  oldest = await NatsServer.start(await buildRelease(OLDEST), {
    ...member('oldest', other),
    port,
    http: `127.0.0.1:${http}`,
  });
  await recent.awaitPeers(1);
  const all = [recent, oldest];
  await visits(recent, 3);
  await visits(oldest, 4);
  for (const server of all) {
    await expect(visit(server, { user: 'nobody', pass: 'wrong' })).rejects.toThrow();
  }

  const visitors = {
    'account=APP,reason=Client Closed,server=oldest': 4,
    'account=APP,reason=Client Closed,server=recent': 3,
  };
  const refused = {
    'account=(not logged in),reason=Authentication Failure,server=oldest': 1,
    'account=(not logged in),reason=Authentication Failure,server=recent': 1,
  };
  const both = dataSource(
    {
      urls: all.map(({ monitor }) => monitor),
      nats: { servers: [recent.url], auth: 'user', user: 'grafana' },
    },
    { secureJsonData: { natsPassword: 's3cret' } }
  );
  for (const source of [overHTTP(all), overNATS([recent]), overNATS([oldest]), both]) {
    await eventually(async () =>
      expect(totals(await ask(plugin(), source, GROUPS))).toEqual({ ...visitors, ...refused })
    );
    expect(await answering(plugin(), source)).toBe('2 of 2');
  }
  for (const server of all) {
    const tenant = overNATS([server], { scope: 'account', user: 'app' });
    await eventually(async () => expect(totals(await ask(plugin(), tenant, GROUPS))).toEqual(visitors));
  }
});
