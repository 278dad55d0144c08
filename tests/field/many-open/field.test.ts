import { type DataSource } from '../../../lab/host';
import { type Imitation } from '../../../lab/imitation';
import { connect } from '../../../lab/clients';
import { eventually } from '../../harness/eventually';
import { asking, useImitations } from '../../harness/imitations';
import { ask, frameOf, notices, rows, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, overHTTP, overNATS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();
const { serve } = useImitations(__dirname);

const LIMIT = 50;
const cutTo = (all: number) => `Showing ${LIMIT} of ${all.toLocaleString('en-US')} connections`;
const EACH = 3000;
const sortedBy = (by: string, desc = true, filters: object[] = []) => ({
  queryType: 'connections',
  view: 'records',
  sort: { by, desc },
  limit: LIMIT,
  filters,
});
/** Servers know no such filter, so the whole list is read; it admits everybody. */
const EVERYBODY = [{ key: 'name', operator: '=~', values: ['.*'] }];

/** A server with many open connections, the numbers of which are all different. */
async function crowded(name: string, seed: number): Promise<Imitation> {
  const server = await serve(name);
  const now = server.now();
  const at = (ms: number) => new Date(now - ms).toISOString();
  server.replies.open = Array.from({ length: EACH }, (_, i) => ({
    cid: i + 1,
    kind: 'Client',
    type: 'nats',
    ip: '10.0.0.1',
    port: 4000,
    start: at(3_600_000 + i),
    last_activity: at(1_000 * ((i * 7919) % 3001) + 500 * seed),
    rtt: '1ms',
    pending_bytes: 2 * ((i * 7919) % 3001) + seed,
    in_msgs: 2 * ((i * 104_729) % 3001) + seed,
    out_msgs: 2 * ((i * 1299709) % 3001) + seed,
    in_bytes: 2 * ((i * 15_485_863) % 3001) + seed,
    out_bytes: 2 * ((i * 32_452_843) % 3001) + seed,
    subscriptions: 2 * ((i * 49_979_687) % 3001) + seed,
    name: `web-${i}`,
    lang: 'go',
    version: '1.55.0',
    account: 'APP',
    authorized_user: 'app',
  }));
  return server;
}

const lists = (server: Imitation) =>
  server.requests
    .filter(({ path }) => path === '/connz')
    .map(({ search }) => [search.get('sort'), search.get('limit')]);
const who = async (source: DataSource, query: object) =>
  rows(await ask(plugin(), source, { ...query })).map(({ server, name }) => `${String(server)} ${String(name)}`);

test.each([
  ['pending_bytes', 'pending'],
  ['subscriptions', 'subs'],
  ['in_msgs', 'msgs_from'],
  ['out_msgs', 'msgs_to'],
  ['in_bytes', 'bytes_from'],
  ['out_bytes', 'bytes_to'],
  ['idle', 'idle'],
])('the largest by %s are those of the whole lists', async (by, sort) => {
  const both = [await crowded('n1', 1), await crowded('n2', 2)];
  const cut = await ask(plugin(), asking(both), sortedBy(by));
  for (const server of both) {
    expect(lists(server)).toEqual([[sort, String(LIMIT)]]);
  }
  expect(notices(cut)).toContain(cutTo(2 * EACH));
  const shown = rows(cut).map(({ server, name }) => `${String(server)} ${String(name)}`);
  expect(shown).toHaveLength(LIMIT);
  expect(shown).toEqual(await who(asking(both), sortedBy(by, true, EVERYBODY)));
});

test('a filter on servers leaves out whole ones', async () => {
  const both = [await crowded('n1', 1), await crowded('n2', 2)];
  const filters = [{ key: 'server', operator: '=', values: ['n2'] }];
  const result = await ask(plugin(), asking(both), sortedBy('pending_bytes', true, filters));
  expect(rows(result).map(({ server }) => server)).toEqual(Array.from({ length: LIMIT }, () => 'n2'));
  expect(notices(result)).toContain(cutTo(EACH));
  expect(both.flatMap(lists)).toEqual([
    ['pending', String(LIMIT)],
    ['pending', String(LIMIT)],
  ]);
});

test.each([
  ['the smallest', sortedBy('pending_bytes', false)],
  ['an order that servers do not know', sortedBy('duration')],
  ['a filter that servers do not know', sortedBy('pending_bytes', true, EVERYBODY)],
])('%s: the whole list is read', async (_, query) => {
  const n1 = await crowded('n1', 1);
  const result = await ask(plugin(), asking([n1]), query);
  expect(lists(n1).map(([sort]) => sort)).toEqual(['cid']);
  expect(notices(result)).toContain(cutTo(EACH));
});

test('typing asks nothing', async () => {
  const n1 = await crowded('n1', 1);
  const source = asking([n1], { syncEvery: '1s' });
  const values = { queryType: 'values', key: 'app' };
  await ask(plugin(), source, values);
  const before = n1.requests.length;
  for (let key = 0; key < 7; key++) {
    expect(frameOf(await ask(plugin(), source, values)).data.values[0]).toEqual(['web']);
  }
  expect(n1.requests.length - before).toBe(0);
});

test('a real server sorts and cuts over HTTP and NATS', async () => {
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS });
  const crowd = await Promise.all(Array.from({ length: 1_100 }, (_, i) => connect(n1, { name: `web-${i}` })));
  // What each published tells them apart.
  await Promise.all(
    crowd.map(async (client, i) => {
      client.send(`PUB nowhere ${i}\r\n${'x'.repeat(i)}\r\n`);
      await client.flush();
    })
  );
  const largest = Array.from({ length: LIMIT }, (_, i) => `n1 web-${1_099 - i}`);
  for (const [source, request] of [
    [overHTTP([n1]), `sort=bytes_from&limit=${LIMIT}`],
    [overNATS([n1]), `"sort":"bytes_from","auth":true,"limit":${LIMIT}`],
  ] as const) {
    await eventually(async () => expect(await who(source, sortedBy('in_bytes'))).toEqual(largest));
    const { schema } = frameOf(await ask(plugin(), source, sortedBy('in_bytes')));
    expect(schema.meta?.executedQueryString).toContain(request);
  }
  await Promise.all(crowd.map((client) => client.end()));
});
