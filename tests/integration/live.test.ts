/**
 * Streams of real servers whose clients come and go: what the answer and the stream show is what left, each once, whoever
 * starts again meanwhile. For longer: LIVE_SECONDS=600.
 */
import { type Packet, type Value } from '../../lab/frame';
import { type DataSource, type Query } from '../../lab/host';
import { Passers } from '../../lab/passers';
import { sleep } from '../../lab/wait';
import { eventually } from '../harness/eventually';
import { ask, frameOf, usePlugin } from '../harness/plugin';
import { overHTTP, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const SECONDS = Number(process.env.LIVE_SECONDS ?? 6);
const PER_SECOND = 100;
const LOGS: Query = { queryType: 'stops', view: 'logs', live: true, limit: 100_000 };
const RECORDS: Query = { ...LOGS, view: 'records' };

/** Where an answer goes on, as Grafana takes it apart. */
async function start(source: DataSource, query: Query) {
  const frame = frameOf(await ask(plugin(), source, query));
  const channel = frame.schema.meta?.channel ?? '';
  const path = channel.split('/').slice(2).join('/');
  return { ids: idsIn({ ...frame, live: { run: '', number: 0 } }, frame.schema), channel, path, schema: frame.schema };
}

/** The ids of a packet's rows, in the order in which they came. */
function idsIn({ data }: Packet, schema: Packet['schema']): string[] {
  const column = (name: string): Value[] =>
    data.values[schema?.fields.findIndex((field) => field.name === name) ?? 0] ?? [];
  return column('id').length > 0
    ? column('id').map(String)
    : column('cid').map((cid, i) => `${column('server_id')[i]}/${cid}`);
}

/** All ids of what a stream sent, read as a browser does: by the schema that came last. */
function idsOf(came: Array<{ packet: Packet }>): string[] {
  let schema: Packet['schema'];
  return came.flatMap(({ packet }) => idsIn(packet, (schema = packet.schema ?? schema)));
}

test.each([
  ['logs', LOGS],
  ['records', RECORDS],
])('answer and stream show each stop: %s', async (_, query) => {
  const both = [await servers.start({ server_name: 'n1' }), await servers.start({ server_name: 'n2' })];
  const source = overHTTP(both, { syncEvery: '1s' });
  const passers = new Passers(both, PER_SECOND);
  passers.start();
  await sleep(1_000);
  const { ids, path } = await start(source, query);
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
