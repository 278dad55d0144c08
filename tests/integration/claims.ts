/** What a data source says: which stops there were, and of which it knows that it does not. */
import { type DataSource, type Host } from '../../lab/host';
import { HOUR, ask, last, notices, rows, totals } from '../harness/plugin';
import { type Departure, type Truth, identity } from './truth';

export interface Claims {
  shown: Map<string, Departure>;
  /** The same stops as numbers. */
  counted: Record<string, number>;
  lost: Map<string, number>;
  /** When each server that does not answer was read last. */
  silent: Map<string, number>;
  /** Times whose stops went with a server's memory. */
  restarts: Array<{ server: string; from: number; to: number }>;
}

// The plugin's own connections come and go as well.
const OTHERS = { filters: [{ key: 'name', operator: '!=', values: ['grafana-nats-connections'] }] };
const RESTARTED = /(n\d) restarted at (.{19}) UTC: what stopped after (.{19}) UTC went with its memory/g;

/** Asks a data source for everything it knows of a time, by default of the last hour. */
export async function claimsOf(host: Host, source: DataSource, range = last(HOUR)): Promise<Claims> {
  const list = { queryType: 'stops', view: 'records', limit: 50_000, ...OTHERS };
  const numbers = { queryType: 'stops', view: 'totals', groupBy: ['server', 'reason'], ...OTHERS };
  const states = { queryType: 'servers', view: 'table', groupBy: ['server'] };
  const shown = new Map<string, Departure>();
  for (const row of rows(await ask(host, source, list, { range }))) {
    const id = identity(String(row.server_id), Number(row.cid));
    if (shown.has(id)) {
      throw new Error(`${id} is shown twice`);
    }
    shown.set(id, { server: String(row.server), reason: String(row.reason), at: Number(row.time) });
  }
  const answered = await ask(host, source, numbers, { range });
  const counted = Object.entries(totals(answered)).map(([label, n]): [string, number] => [label, Number(n)]);
  const servers = rows(await ask(host, source, states, { range }));
  return {
    shown,
    counted: Object.fromEntries(counted.filter(([, n]) => n > 0)),
    lost: new Map(servers.map(({ server, records_lost }) => [String(server), Number(records_lost ?? 0)])),
    silent: new Map(
      servers
        .filter(({ answered: n }) => n === 0)
        .map(({ server, last_read }) => [String(server), Number(last_read ?? 0)])
    ),
    restarts: [...notices(answered).matchAll(RESTARTED)].map(([, server = '', to = '', from = '']) => ({
      server,
      from: second(from),
      to: second(to) + 1_000, // The notice tells whole seconds.
    })),
  };
}

const second = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

/** For people: what is said to be missing. */
export function omissions({ lost, silent, restarts }: Claims): string {
  return [
    ...[...lost].filter(([, count]) => count > 0).map(([server, count]) => `${server} lost ${count}`),
    ...[...silent.keys()].map((server) => `${server} silent`),
    ...restarts.map(({ server }) => `${server} restarted`),
  ]
    .sort()
    .join(', ');
}

/**
 * Holds the claims against what happened: what is shown did happen, and what is not shown is told to be missing, in
 * number or in time.
 */
export function check(truth: Truth, claims: Claims): void {
  checkShown(truth, claims);
  expect({ missing: missingOf(truth.stops, claims) }).toEqual({ missing: lostOf(claims) });
}

/** What is shown did happen, and is counted as it is listed. */
export function checkShown({ stops }: Truth, claims: Claims): void {
  const counted: Record<string, number> = {};
  for (const [id, { server, reason }] of claims.shown) {
    const really = stops.get(id);
    if (really?.server !== server || really.reason !== reason) {
      throw new Error(`${id} is shown as ${server} ${reason}, was ${JSON.stringify(really)}`);
    }
    const label = `reason=${reason},server=${server}`;
    counted[label] = (counted[label] ?? 0) + 1;
  }
  expect(claims.counted).toEqual(counted);
}

/** What is not shown and not excused by its time, by server. */
export function missingOf(stops: Truth['stops'], claims: Claims): Record<string, number> {
  const missing: Record<string, number> = {};
  for (const [id, really] of stops) {
    if (!claims.shown.has(id) && !excused(claims, really)) {
      missing[really.server] = (missing[really.server] ?? 0) + 1;
    }
  }
  return missing;
}

export const lostOf = ({ lost }: Claims): Record<string, number> =>
  Object.fromEntries([...lost].filter(([, count]) => count > 0));

/** Whether it is said that stops of that server at that time are unknown. */
function excused({ silent, restarts }: Claims, { server, at }: Departure): boolean {
  const lastRead = silent.get(server) ?? 0;
  return (
    (lastRead > 0 && at > lastRead) ||
    restarts.some((gone) => gone.server === server && at >= gone.from && at <= gone.to)
  );
}
