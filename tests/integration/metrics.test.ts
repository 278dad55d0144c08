import { type DataSource } from '../../lab/host';
import { type NatsServer } from '../../lab/nats-server';
import { freePorts } from '../../lab/ports';
import { closedBy, visits } from '../../lab/clients';
import { eventually } from '../harness/eventually';
import { ask, dataSource, saved, totals, usePlugin } from '../harness/plugin';
import { overHTTP, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

/** One metric of a data source as Prometheus gets it; all labels must be those given. */
async function scraped(
  { name, uid, orgId = 1 }: DataSource,
  metric: string,
  labels: object = {}
): Promise<number | undefined> {
  const all = { ...labels, datasource: name, datasource_uid: uid, org: String(orgId) };
  const pairs = Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const line = `nats_connections_${metric}{${pairs.join(',')}} `;
  const found = (await plugin().metrics()).split('\n').find((one) => one.startsWith(line));
  return found === undefined ? undefined : Number(found.slice(line.length));
}

/** How many clients that left were counted, by class. */
const stopped = (source: DataSource, kind: string) =>
  scraped(source, 'stopped_total', { account: '$G', class: kind, reason: 'Client Closed', server: 'n1' });

async function counts(source: DataSource): Promise<{ planned: number; unexpected: number }> {
  const [planned = 0, unexpected = 0] = [await stopped(source, 'planned'), await stopped(source, 'unexpected')];
  return { planned, unexpected };
}

/** Lets clients come and go, and waits until the data source saw them all. */
async function come(server: NatsServer, source: DataSource, count: number, total: number): Promise<void> {
  await visits(server, count);
  const query = { queryType: 'stops', view: 'totals', groupBy: [] };
  await eventually(async () => expect(totals(await ask(plugin(), source, query))).toEqual({ '': total }));
}

test('Prometheus gets each stop once, over a save and a restart', async () => {
  const [port = 0] = await freePorts(1);
  const n1 = await servers.start({ server_name: 'n1', http: `127.0.0.1:${port}` });
  const source = overHTTP([n1]);
  await come(n1, source, 3, 3);
  // There is a zero to rise from; whether the first look found all three already is a matter of luck.
  const start = await stopped(source, 'planned');
  expect(start).toBeDefined();
  const planned = Number(start) + 4;
  await come(n1, source, 4, 7);
  expect(await counts(source)).toEqual({ planned, unexpected: 0 });

  await visits(n1, 2);
  await closedBy(n1, 9);
  const after = saved(source, { classOverrides: { 'Client Closed': 'unexpected' } });
  await come(n1, after, 1, 10);
  expect(await counts(after)).toEqual({ planned, unexpected: 3 });

  await n1.stop();
  await n1.start();
  await come(n1, after, 5, 15);
  expect(await counts(after)).toEqual({ planned, unexpected: 8 });
});

test('background sync feeds Prometheus while nobody asks', async () => {
  const n1 = await servers.start({ server_name: 'n1' });
  const source = dataSource({ urls: [n1.monitor], backgroundSync: '5s' });
  await plugin().health(source); // It makes the instance, but reads nothing.
  await eventually(async () => expect(await scraped(source, 'records_lost_total', { server: 'n1' })).toBeDefined());
  await visits(n1, 3);
  await eventually(async () => expect(await counts(source)).toMatchObject({ planned: 3 }));
  const http = { source: 'http' };
  for (const [metric, labels] of [
    ['sync_duration_seconds_count', http],
    ['ring_reads_total', http],
    ['bytes_read_total', http],
    ['records_read_total', http],
    ['servers_read_total', { ...http, outcome: 'answered' }],
    ['ledger_records', {}],
  ] as const) {
    expect([metric, await scraped(source, metric, labels)]).toEqual([metric, expect.any(Number)]);
    expect(await scraped(source, metric, labels)).toBeGreaterThan(0);
  }
  await plugin().health({ ...saved(source, {}), jsonData: { version: 1 } });
  // The size of a ledger that was replaced is not told any more.
  expect(await scraped(source, 'ledger_records')).toBeUndefined();
});
