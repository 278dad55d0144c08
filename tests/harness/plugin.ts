/** The built plugin for the tests of one file, and what it says in a form that tests compare. */
import { randomUUID } from 'node:crypto';

import { type Frame, type Result, type Value } from '../../lab/frame';
import { type DataSource, Host, type Query, type Range } from '../../lab/host';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const MOST_LAST_WORDS = 40;
export const ALERT = { FromAlert: 'true' };

/** Starts the plugin before the tests of this file and ends it after them; a plugin that died meanwhile fails them. */
export function usePlugin(environment?: Record<string, string>): () => Host {
  let host: Host | undefined;
  const running = (): Host => {
    if (!host) {
      throw new Error('the plugin runs while tests do, not before');
    }
    return host;
  };
  beforeAll(async () => {
    host = await Host.start(process.env.PLUGIN_BINARY ?? '', environment);
  });
  afterAll(async () => {
    const { alive, log } = running();
    await running().close();
    if (!alive) {
      // What is no line of its log is Go's own last words.
      const words = log.filter((line) => !line.startsWith('{'));
      throw new Error(`the plugin died: ${words.slice(0, MOST_LAST_WORDS).join('\n')}`);
    }
  });
  return running;
}

/** A data source of its own, so that no test sees what another one's ledger keeps; every query reads anew. */
export function dataSource(jsonData: object, more: Partial<DataSource> = {}): DataSource {
  return {
    uid: randomUUID(),
    name: expect.getState().currentTestName ?? 'test',
    jsonData: { version: 1, timeout: 5, syncEvery: '0s', ...jsonData },
    updated: Date.now(),
    ...more,
  };
}

/** The data source after its settings were saved with changes. */
export function saved(source: DataSource, change: object, more: Partial<DataSource> = {}): DataSource {
  const { jsonData, updated = 0 } = source;
  return { ...source, jsonData: { ...jsonData, ...change }, updated: Math.max(updated + 1, Date.now()), ...more };
}

/** The time until now, and a little more: a server's clock may be a moment ahead of this one. */
export const last = (span: number): Range => ({ from: Date.now() - span, to: Date.now() + 1_000 });

/** Runs one query over the last hour. */
export async function ask(
  host: Host,
  source: DataSource,
  query: Query,
  { range = last(HOUR), headers = {} }: { range?: Range; headers?: Record<string, string> } = {}
): Promise<Result> {
  const { A: result } = await host.query(source, range, [{ version: 1, ...query, refId: 'A' }], headers);
  if (!result) {
    throw new Error('the query was not answered at all');
  }
  return result;
}

/** The only frame of an answer without an error. */
export function frameOf({ error, frames = [] }: Result): Frame {
  const [frame] = frames;
  if (error !== undefined || !frame || frames.length !== 1) {
    throw new Error(`want one frame, got ${frames.length} and ${error ?? 'no error'}`);
  }
  return frame;
}

/** The numbers of a numeric-wide frame, by labels such as "account=a,server=n1". */
export function totals(result: Result): Record<string, Value> {
  const { schema, data } = frameOf(result);
  const numbers: Record<string, Value> = {};
  schema.fields.forEach(({ labels = {} }, i) => {
    const label = Object.keys(labels)
      .sort()
      .map((key) => `${key}=${labels[key]}`)
      .join(',');
    if (label in numbers) {
      throw new Error(`two series have the labels "${label}"`);
    }
    numbers[label] = data.values[i]?.[0] ?? null;
  });
  return numbers;
}

export type Row = Record<string, Value>;

/** The rows of a table by column names. */
export function rows(result: Result): Row[] {
  const { schema, data } = frameOf(result);
  const count = data.values[0]?.length ?? 0;
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(schema.fields.map(({ name }, column) => [name, data.values[column]?.[row] ?? null]))
  );
}

/** The texts of the notices, a line each. */
export const notices = (result: Result): string =>
  (frameOf(result).schema.meta?.notices ?? []).map(({ text }) => text).join('\n');
