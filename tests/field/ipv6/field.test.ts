import { visits } from '../../../lab/clients';
import { freePorts } from '../../../lab/ports';
import { answering } from '../../harness/answers';
import { eventually } from '../../harness/eventually';
import { ask, dataSource, totals, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const VISITORS = [{ key: 'account', operator: '=', values: ['APP'] }];

test.each(['HTTP', 'NATS', 'both'])('over %s', async (way) => {
  const [port, monitor] = await freePorts(2);
  const n1 = await servers.start({ ...ACCOUNTS, host: '::1', port, http: `[::1]:${monitor}` });
  const urls = way === 'NATS' ? [] : [`http://[::1]:${monitor}`];
  const nats = way === 'HTTP' ? {} : { nats: { servers: [`nats://[::1]:${port}`], auth: 'user', user: 'grafana' } };
  const source = dataSource({ urls, ...nats }, { secureJsonData: { natsPassword: 's3cret' } });
  expect(await answering(plugin(), source)).toBe('1 of 1');
  await visits(n1, 3);
  const by = (key: string, ...more: object[]) => ({
    queryType: 'stops',
    view: 'totals',
    groupBy: [key],
    filters: [...VISITORS, ...more],
  });
  await eventually(async () => expect(totals(await ask(plugin(), source, by('ip')))).toEqual({ 'ip=::1': 3 }));
  const ip = { key: 'ip', operator: '=', values: ['::1'] };
  expect(totals(await ask(plugin(), source, by('ip', ip)))).toEqual({ 'ip=::1': 3 });
  if (way === 'HTTP') {
    const address = `[::1]:${monitor}`;
    const server = { key: 'server', operator: '=', values: [address] };
    expect(totals(await ask(plugin(), source, by('server', server)))).toEqual({ [`server=${address}`]: 3 });
  }
});
