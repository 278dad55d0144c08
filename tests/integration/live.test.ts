/**
 * Streams of real servers whose clients come and go: what the answer and the stream show is what left, each once, whoever
 * starts again meanwhile. For longer: LIVE_SECONDS=600.
 */
import { type Query } from '../../lab/host';
import { Passers } from '../../lab/passers';
import { freePorts } from '../../lab/ports';
import { sleep } from '../../lab/wait';
import { eventually } from '../harness/eventually';
import { idsIn, idsOf, startLive } from '../harness/live';
import { ask, usePlugin } from '../harness/plugin';
import { overHTTP, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const SECONDS = Number(process.env.LIVE_SECONDS ?? 6);
const PER_SECOND = 100;
const LOGS: Query = { queryType: 'stops', view: 'logs', live: true, limit: 100_000 };
const RECORDS: Query = { ...LOGS, view: 'records' };

test.each([
  ['logs', LOGS],
  ['records', RECORDS],
])('answer and stream show each stop: %s', async (_, query) => {
  const both = [await servers.start({ server_name: 'n1' }), await servers.start({ server_name: 'n2' })];
  const source = overHTTP(both, { syncEvery: '1s' });
  const passers = new Passers(both, PER_SECOND);
  passers.start();
  await sleep(1_000);
  const { ids, path } = await startLive(plugin(), source, query);
  const { status, first } = await plugin().subscribe(source, path);
  expect(status).toBe('OK');
  const stream = plugin().stream(source, path);
  await sleep(SECONDS * 1_000);
  await passers.stop();
  await eventually(async () => {
    const shown = new Set([...ids, ...idsIn(first!, first!.schema), ...idsOf(stream.came)]);
    expect([...shown].sort()).toEqual(passers.ids().sort());
  });
  // Nothing comes twice but what the stream begins with.
  const sent = idsOf(stream.came);
  expect(new Set(sent).size).toBe(sent.length);
  expect(stream.came.filter(({ packet }) => packet.schema).length).toBeLessThan(4);
  await stream.stop();
});

test('each stop of a filter is shown, though streams and a server start again', async () => {
  const [port, monitor] = await freePorts(2);
  const staying = { server_name: 'n2', port, http: `127.0.0.1:${monitor}` };
  const both = [await servers.start({ server_name: 'n1' }), await servers.start(staying)];
  const [stays, restarts] = both;
  const source = overHTTP(both, { syncEvery: '1s' });
  const query = { ...LOGS, filters: [{ key: 'name', operator: '=~', values: ['wanted-.*'] }] };
  const nameOf = (number: number) => (number % 3 === 0 ? `wanted-${number % 7}` : 'other');
  const crowd = [
    new Passers([stays!], PER_SECOND / 2, nameOf),
    new Passers([restarts!], PER_SECOND / 2, nameOf),
  ] as const;
  const shown = new Set<string>();
  const show = (ids: string[]) => ids.forEach((id) => shown.add(id));
  const wanted = () =>
    crowd.flatMap(({ left }) => [...left].filter(([, { name }]) => name !== 'other').map(([id]) => id)).sort();
  crowd.forEach((passers) => passers.start());
  const first = await startLive(plugin(), source, query);
  show(first.ids);
  const one = plugin().stream(source, first.path, first.question);
  const two = plugin().stream(source, first.path, first.question);
  await sleep(2_000);
  await one.stop();
  show(idsOf(one.came));
  await sleep(1_000);
  const again = plugin().stream(source, first.path, first.question);
  // What a server takes with it when it ends is nobody's to show: all of it was read before.
  await crowd[1].stop();
  await eventually(async () => {
    const so = new Set(idsOf(two.came).concat(first.ids));
    expect(crowd[1].ids().filter((id) => crowd[1].left.get(id)?.name !== 'other' && !so.has(id))).toEqual([]);
  });
  await restarts!.kill();
  await restarts!.start();
  crowd[1].start();
  await sleep(2_000);
  await Promise.all(crowd.map((passers) => passers.stop()));
  await eventually(async () => {
    const by = (came: typeof one.came) => [...new Set([...first.ids, ...idsOf(came)])].sort();
    expect(by(two.came)).toEqual(wanted());
    expect([...new Set([...shown, ...idsOf(again.came)])].sort()).toEqual(wanted());
  });
  await Promise.all([two.stop(), again.stop()]);
});

test('a channel is for whoever may query, and to be read alone', async () => {
  const source = overHTTP([await servers.start({ server_name: 'n1' })]);
  const { path } = await startLive(plugin(), source, LOGS);
  expect((await plugin().subscribe(source, path)).status).toBe('OK');
  expect((await plugin().subscribe({ ...source, orgId: 2 }, path)).status).toBe('PERMISSION_DENIED');
  expect((await plugin().subscribe({ ...source, uid: 'other' }, path)).status).toBe('PERMISSION_DENIED');
  expect((await plugin().subscribe(source, 'live/1/anything')).status).toBe('NOT_FOUND');
  expect(await plugin().publish(source, path, { data: {} })).toBe('PERMISSION_DENIED');
  await expect(ask(plugin(), source, { ...LOGS, view: 'totals' })).resolves.toMatchObject({
    error: 'live: only records and logs of stops come as they happen; remove it.',
  });
});
