/** What a plugin that was killed knows after its next start: with a history in a stream, and without. */
import { type Frame, type Result, type Value } from '../frame';
import { type DataSource, type Host, type Range } from '../host';
import { USERS } from '../topology';
import { type Screen, noticeLines } from './render';
import { tableLines } from './table';

/** What is known of one server. */
export interface Known {
  stops: number;
  /** Since when its records are complete, in milliseconds; NaN if that is not known. */
  since: number;
  lost: number;
}

/** By server, and what was told of it. */
export interface Knowledge {
  servers: Map<string, Known>;
  results: Result[];
}

const SECOND = 1_000;

/** The data source with a history in a stream of the lab's cluster, which is made. */
export function withHistory(source: DataSource, server: string): DataSource {
  const { user, password } = USERS.orders;
  const history = { servers: [server], ignoreDiscovered: true, auth: 'user', user, create: true };
  return {
    ...source,
    jsonData: { ...source.jsonData, history },
    secureJsonData: { ...source.secureJsonData, historyPassword: password },
  };
}

/** The same without a history, which remembers nothing of the other. */
export function withoutHistory({ jsonData, ...source }: DataSource): DataSource {
  return { ...source, uid: `${source.uid}-without`, jsonData: { ...jsonData, history: undefined } };
}

/** Asks for the stops of a range, and since when they are complete. */
export async function knowledge(plugin: Host, source: DataSource, range: Range): Promise<Knowledge> {
  const { A: stops = {}, B: servers = {} } = await plugin.query(source, range, [
    { refId: 'A', version: 1, queryType: 'stops', view: 'table', groupBy: ['server'] },
    { refId: 'B', version: 1, queryType: 'servers', view: 'table' },
  ]);
  const counts = new Map(rowsOf(stops).map((row) => [String(row.server), Number(row.stops)]));
  const known = rowsOf(servers).map(({ server, last_read, oldest_age, records_lost }) => {
    const since = oldest_age === null ? NaN : Number(last_read) - Number(oldest_age) * SECOND;
    return [String(server), { stops: counts.get(String(server)) ?? 0, since, lost: Number(records_lost) }] as const;
  });
  return { servers: new Map(known), results: [stops, servers] };
}

function rowsOf({ error, frames: [frame] = [] }: Result): Array<Record<string, Value>> {
  if (error !== undefined || !frame) {
    throw new Error(error ?? 'the query was not answered');
  }
  return rowsOfFrame(frame);
}

const rowsOfFrame = ({ schema, data }: Frame): Array<Record<string, Value>> =>
  (data.values[0] ?? []).map((_, row) =>
    Object.fromEntries(schema.fields.map(({ name }, column) => [name, data.values[column]?.[row] ?? null]))
  );

const NOBODY: Known = { stops: 0, since: NaN, lost: 0 };

/** Ages are whole seconds, so a time that is made of one may be a second off. */
const isSame = (a: Known, b: Known): boolean =>
  a.stops === b.stops &&
  a.lost === b.lost &&
  (Math.abs(a.since - b.since) <= SECOND || (isNaN(a.since) && isNaN(b.since)));

/** Whether nothing was forgotten. */
export const forgetsNothing = (before: Knowledge, after: Knowledge): boolean =>
  before.servers.size > 0 && [...before.servers].every(([name, was]) => isSame(was, after.servers.get(name) ?? NOBODY));

const clock = (at: number): string => (isNaN(at) ? '–' : new Date(at).toISOString().slice(11, 19));

/** What was known before the plugin was killed, and what is after its start. */
export function restartLines(before: Knowledge, after: Knowledge, without: Knowledge, screen: Screen): string[] {
  const { width, paint } = screen;
  const row = (name: string, of: Knowledge, when: string, as: Knowledge = of) => {
    const known = of.servers.get(name) ?? NOBODY;
    const was = as.servers.get(name) ?? NOBODY;
    const since = Math.abs(known.since - was.since) <= SECOND ? was.since : known.since;
    const number = (value: number) => ({ text: value.toLocaleString('en-US'), right: true });
    return [{ text: name }, { text: when }, number(known.stops), { text: clock(since) }, number(known.lost)];
  };
  const rows = [...before.servers.keys()].flatMap((name) => [
    row(name, before, 'before it was killed'),
    row(name, after, 'after its next start', before),
    row(name, without, 'without a history', before),
  ]);
  const notices = noticeLines(after.results, screen);
  return [
    '',
    paint('══ A restart that forgets nothing '.padEnd(width, '═'), 'bold'),
    '',
    'The plugin was killed, and another one started, with a history in a JetStream stream of these servers.',
    '',
    ...tableLines(['server', 'what is known', 'stops', 'complete since', 'records lost'], rows, width, paint),
    '',
    ...(forgetsNothing(before, after)
      ? [paint('The same stops, complete since the same time.', 'green')]
      : [paint('Something was forgotten.', 'red')]),
    ...(notices.length ? ['', ...notices] : []),
  ];
}
