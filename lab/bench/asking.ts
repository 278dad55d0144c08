/** The built plugin, asked as a dashboard asks it while it refreshes. */
import { buildPlugin } from '../binary';
import { type Frame, readFrame } from '../frame';
import { type DataSource, Host, type Query } from '../host';
import { sleep } from '../wait';
import { type Work } from './work';

const HOUR = 3_600_000;

/** When a read of the servers no longer serves the next who asks. */
const STALE_MS = 50;

export const BY_REASON: Query = { queryType: 'stops', view: 'totals', groupBy: ['reason', 'account', 'server'] };
export const TOTAL: Query = { queryType: 'stops', view: 'totals', groupBy: [] };

const UNEXPECTED = [{ key: 'class', operator: '=', values: ['unexpected'] }];

/** A dashboard's twelve queries. */
export const PANELS: Query[] = [
  BY_REASON,
  TOTAL,
  { queryType: 'stops', view: 'totals', groupBy: ['class'] },
  { queryType: 'stops', view: 'totals', groupBy: ['server'] },
  { queryType: 'stops', view: 'totals', groupBy: ['category'], filters: UNEXPECTED },
  { queryType: 'stops', view: 'table', groupBy: ['account', 'reason'] },
  { queryType: 'stops', view: 'table', groupBy: ['app'] },
  { queryType: 'stops', view: 'timeseries', groupBy: ['reason'] },
  { queryType: 'stops', view: 'timeseries', groupBy: ['server'] },
  { queryType: 'stops', view: 'records', limit: 100 },
  { queryType: 'servers', view: 'table' },
  { queryType: 'servers', view: 'totals', metric: 'records_lost' },
];

export const startPlugin = async (): Promise<Host> => Host.start(await buildPlugin());

/** A data source with these servers. */
export const dataSource = (uid: string, urls: string[], syncEvery = `${STALE_MS}ms`): DataSource => ({
  uid,
  name: uid,
  jsonData: { version: 1, urls, syncEvery },
});

/** Asks one panel about the last hours; the answer stays in Arrow. */
export async function ask(host: Host, source: DataSource, panel: Query): Promise<Buffer[]> {
  const now = Date.now();
  const range = { from: now - 6 * HOUR, to: now + 60_000 };
  const { A: answer } = await host.send(source, range, [{ version: 1, ...panel }]);
  if (!answer || answer.error) {
    throw new Error(answer?.error ?? 'no answer');
  }
  return answer.frames;
}

/** Asks panels side by side. */
export const atOnce = (host: Host, source: DataSource, panels: Query[]): Promise<unknown> =>
  Promise.all(panels.map((panel) => ask(host, source, panel)));

/** Asks panels side by side when the last read is stale. */
export const refreshing = (host: Host, source: DataSource, panels: Query[]): Work => ({
  prepare: settle,
  run: () => atOnce(host, source, panels),
});

/** Waits until the last read is stale. */
export const settle = (): Promise<void> => sleep(STALE_MS + 10);

/** The least of several measurements by a number, each after the last read is stale: safety reads may fall into one. */
export async function least<T>(times: number, measure: () => Promise<T>, number: (measured: T) => number): Promise<T> {
  await settle();
  let smallest = await measure();
  for (let i = 1; i < times; i++) {
    await settle();
    const next = await measure();
    smallest = number(next) < number(smallest) ? next : smallest;
  }
  return smallest;
}

/** The one number of an answer. */
export function numberIn(frames: Buffer[]): number {
  const [frame] = frames.map((one): Frame => readFrame(one));
  return Number(frame?.data.values[0]?.[0]);
}
