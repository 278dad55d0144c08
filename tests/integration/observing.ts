/** What is found while something happens, held against what really did. */
import { type DataSource, type Host } from '../../lab/host';
import { type Expected, type Subject } from '../../lab/scenarios/key';
import { sleep } from '../../lab/wait';
import { type Row, ask, rows } from '../harness/plugin';

const TABLE = { queryType: 'findings', view: 'table', limit: 1_000 };
const PAUSE_MS = 400;
const PATIENCE_MS = 20_000;

/** Longer than clients take here to be back, shorter than anybody waits for findings below. */
const SECONDS_10 = 10 / 60;

/** Scenarios take seconds: a rule that must find something does not wait for minutes here. */
export const impatient = (finds: readonly string[]) => ({
  not_back: { minutes: SECONDS_10 },
  ...(finds.includes('server_silent') ? { server_silent: { minutes: 0 } } : {}),
});

/** All that is found. */
export const found = async (host: Host, source: DataSource): Promise<Row[]> => rows(await ask(host, source, TABLE));

/** Asks again and again, as dashboards and rules do, while something happens. */
export async function watching<T>(
  host: Host,
  source: DataSource,
  something: () => Promise<T>,
  { look = () => found(host, source), pauseMs = PAUSE_MS }: { look?: () => Promise<unknown>; pauseMs?: number } = {}
): Promise<T> {
  await look();
  let over = false;
  const looking = (async () => {
    while (!over) {
      await sleep(pauseMs);
      await look();
    }
  })();
  try {
    return await something();
  } finally {
    over = true;
    await looking;
  }
}

export interface Comparison {
  /** What must be found and is not. */
  missed: Expected[];
  /** What is found and must not be. */
  false: Row[];
  hits: number;
}

/** Nothing else may be found above `info`, and nothing else by a rule that must find something. */
export function compare(findings: Row[], expected: Expected[]): Comparison {
  const left = [...expected];
  const rest = findings.filter((row) => {
    const i = left.findIndex((one) => fits(row, one));
    if (i >= 0) {
      left.splice(i, 1);
    }
    return i < 0;
  });
  const rules = new Set(expected.map(({ finding }) => finding));
  const alarms = rest.filter(({ id, severity }) => severity !== 'info' || rules.has(String(id)));
  return { missed: left, false: alarms, hits: expected.length - left.length };
}

export function fits(row: Row, { finding, severity, subject, says = '' }: Expected): boolean {
  const keys = Object.keys(subject) as Array<keyof Subject>;
  return (
    row.id === finding &&
    (severity === undefined || row.severity === severity) &&
    String(row.finding).includes(says) &&
    keys.every((key) => row[key] === subject[key])
  );
}

/** Waits until all is found that must be, and nothing else; gives up after a while, and says what differs then. */
export async function settled(look: () => Promise<Comparison>): Promise<Comparison> {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
    const seen = await look();
    if (seen.missed.length + seen.false.length === 0 || Date.now() > end) {
      return seen;
    }
  }
}

/** For people: a finding in a line. */
export const short = ({ id, severity, account, app, user, ip, server, finding }: Row): string =>
  `${id} ${severity} [${[account, app, user, ip, server].join('|')}] ${finding}`;
