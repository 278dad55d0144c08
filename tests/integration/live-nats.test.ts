/**
 * Streams of servers that are read over NATS, and of several Grafanas: what is shown is what left, each once, whoever
 * rings, restarts or answers.
 */
import { type DataSource, type Host, type Query } from '../../lab/host';
import { type NatsServer } from '../../lab/nats-server';
import { Passers } from '../../lab/passers';
import { sleep } from '../../lab/wait';
import { eventually } from '../harness/eventually';
import { idsIn, idsOf, startLive } from '../harness/live';
import { usePlugin } from '../harness/plugin';
import { ACCOUNTS, overHTTP, overNATS, useServers } from '../harness/servers';

const plugin = usePlugin();
const replica = usePlugin();
const servers = useServers();

const PER_SECOND = 100;
const LOGS: Query = { queryType: 'stops', view: 'logs', live: true, limit: 100_000 };
/** So seldom that no read that is due by itself falls into a test. */
const SELDOM = { syncEvery: '1m' };

const allowedTo = (...subscribe: string[]) => ({
  ...ACCOUNTS,
  accounts: {
    ...(ACCOUNTS.accounts as object),
    SYS: { users: [{ user: 'grafana', password: 's3cret', permissions: { subscribe } }] },
    OTHERS: { users: [{ user: 'other', password: 's3cret' }] },
  },
});
const TOLD = allowedTo('_INBOX.>', '$SYS.ACCOUNT.*.DISCONNECT');
const NOT_TOLD = allowedTo('_INBOX.>');

/** How often a data source has read its servers so far. */
async function reads(host: Host, { uid }: DataSource): Promise<number> {
  const line = (await host.metrics())
    .split('\n')
    .find((one) => one.includes('sync_duration_seconds_count') && one.includes(uid));
  return Number(line?.split(' ').pop());
}

test('servers tell of stops, so that these are shown long before the next read', async () => {
  const cluster = await servers.cluster(['n1', 'n2'], TOLD);
  const source = overNATS([cluster[0]!], {}, SELDOM);
  const { ids, path } = await startLive(plugin(), source, LOGS);
  const stream = plugin().stream(source, path);
  const passers = new Passers(cluster, PER_SECOND);
  await sleep(500);
  const [began, before] = [Date.now(), await reads(plugin(), source)];
  passers.start();
  await sleep(2_000);
  await passers.stop();
  await eventually(async () => {
    expect([...new Set([...ids, ...idsOf(stream.came)])].sort()).toEqual(passers.ids().sort());
  });
  // Ten times a second at the most.
  expect((await reads(plugin(), source)) - before).toBeLessThanOrEqual((Date.now() - began) / 100 + 2);
  await stream.stop();
});

test('a login that servers do not tell follows all the same', async () => {
  const n1 = await servers.start({ server_name: 'n1', ...NOT_TOLD });
  const source = overNATS([n1], {}, { syncEvery: '1s' });
  const { ids, path } = await startLive(plugin(), source, LOGS);
  const stream = plugin().stream(source, path);
  const passers = new Passers([n1], PER_SECOND);
  passers.start();
  await sleep(2_000);
  await passers.stop();
  await eventually(async () => {
    expect([...new Set([...ids, ...idsOf(stream.came)])].sort()).toEqual(passers.ids().sort());
  });
  await stream.stop();
});

test('a login of an account follows what is its own', async () => {
  const cluster = await servers.cluster(['n1', 'n2'], TOLD);
  const source = overNATS([cluster[0]!], { scope: 'account', user: 'app' }, { syncEvery: '1s' });
  const [own, others] = [
    new Passers(cluster, PER_SECOND / 2),
    new Passers(cluster, PER_SECOND / 2, undefined, { user: 'other', pass: 's3cret' }),
  ];
  own.start();
  others.start();
  await sleep(500);
  const { ids, path } = await startLive(plugin(), source, LOGS);
  const stream = plugin().stream(source, path);
  await sleep(2_000);
  await Promise.all([own.stop(), others.stop()]);
  await eventually(async () => {
    expect([...new Set([...ids, ...idsOf(stream.came)])].sort()).toEqual(own.ids().sort());
  });
  const sent = idsOf(stream.came);
  expect(new Set(sent).size).toBe(sent.length);
  await stream.stop();
});

test('nothing is missing or twice when servers restart and leave, the one that is asked among them', async () => {
  const cluster = (await servers.cluster(['n1', 'n2', 'n3'], TOLD)) as [NatsServer, NatsServer, NatsServer];
  const [n1, n2, n3] = cluster;
  const source = overNATS([n1, n2], {}, { syncEvery: '1s' });
  const crowd = cluster.map((server) => new Passers([server], PER_SECOND / 4)) as [Passers, Passers, Passers];
  crowd.forEach((passers) => passers.start());
  const { ids, path } = await startLive(plugin(), source, LOGS);
  const stream = plugin().stream(source, path);
  const shown = () => [...new Set([...ids, ...idsOf(stream.came)])].sort();
  // What a server takes with it when it ends is nobody's to show: all of it was read before.
  const quieten = async (passers: Passers) => {
    await passers.stop();
    await eventually(async () => expect(shown()).toEqual(expect.arrayContaining(passers.ids())));
  };
  await sleep(1_000);
  await quieten(crowd[0]);
  await n1.kill();
  await sleep(500);
  await n1.start();
  crowd[0].start();
  await sleep(1_000);
  await quieten(crowd[2]);
  await n3.kill();
  await sleep(1_000);
  await Promise.all([crowd[0].stop(), crowd[1].stop()]);
  await eventually(async () => expect(shown()).toEqual(crowd.flatMap((passers) => passers.ids()).sort()));
  const sent = idsOf(stream.came);
  expect(new Set(sent).size).toBe(sent.length);
  await stream.stop();
});

test('with two Grafanas, each streams all, whichever of them answered', async () => {
  const both = [await servers.start({ server_name: 'n1' }), await servers.start({ server_name: 'n2' })];
  const source = overHTTP(both, { syncEvery: '1s' });
  const passers = new Passers(both, PER_SECOND);
  passers.start();
  await sleep(1_000);
  const hosts = [plugin(), replica()];
  const answers = await Promise.all(hosts.map((host) => startLive(host, source, LOGS)));
  expect(new Set(answers.map(({ channel }) => channel)).size).toBe(1);
  const { path } = answers[0]!;
  const subscribed = await Promise.all(
    hosts.map(async (host) => ({
      first: (await host.subscribe(source, path)).first!,
      stream: host.stream(source, path),
    }))
  );
  await sleep(3_000);
  await passers.stop();
  await eventually(async () => {
    for (const { ids } of answers) {
      for (const { first, stream } of subscribed) {
        const shown = new Set([...ids, ...idsIn(first, first.schema), ...idsOf(stream.came)]);
        expect([...shown].sort()).toEqual(passers.ids().sort());
      }
    }
  });
  for (const { stream } of subscribed) {
    const sent = idsOf(stream.came);
    expect(new Set(sent).size).toBe(sent.length);
    await stream.stop();
  }
});
