/** What shows a finding, held against what really happened to whom it is about. */
import { type DataSource, type Host, type Query, type Range } from '../../lab/host';
import { type Deed, type Expected, type Subject } from '../../lab/scenarios/key';
import { type Row, ask, last, rows } from '../harness/plugin';
import { fits } from './observing';

const HOUR = 3_600_000;
const KEYS = ['account', 'app', 'user', 'ip', 'server'] as const;

interface Evidence {
  query: Query;
  from?: number;
  to?: number;
}

/** How often each client of each server is in records, or in deeds. */
type Tally = Record<string, number>;

/** What differs between the evidence of what is expected and what happened; nothing if all is as it should be. */
export async function unlike(
  host: Host,
  source: DataSource,
  findings: Row[],
  expected: Expected[],
  deeds: Deed[]
): Promise<string[]> {
  const differing: string[] = [];
  for (const one of expected) {
    const finding = findings.find((row) => fits(row, one));
    const shown = finding ? await evidenceOf(host, source, finding) : [];
    const [got, want] = one.shows
      ? [tallied(shown), performed(deeds, one.shows, one.subject)]
      : [strangers(shown, one.subject), {}];
    if (!finding || JSON.stringify(got) !== JSON.stringify(want)) {
      differing.push(`${one.finding}: ${JSON.stringify(got)}, not ${JSON.stringify(want)} by ${finding?.evidence}`);
    }
  }
  return differing;
}

/** The records that a finding's row leads to. */
async function evidenceOf(host: Host, source: DataSource, { evidence }: Row): Promise<Row[]> {
  const { query, from, to }: Evidence = JSON.parse(String(evidence));
  const range: Range = from !== undefined && to !== undefined ? { from, to } : last(HOUR);
  return rows(await ask(host, source, query, { range }));
}

const sorted = (tally: Tally): Tally => Object.fromEntries(Object.entries(tally).sort());

function tallied(records: Row[]): Tally {
  const tally: Tally = {};
  for (const { server } of records) {
    tally[`on ${server}`] = (tally[`on ${server}`] ?? 0) + 1;
  }
  const values = (key: string) => new Set(records.map((row) => String(row[key] ?? '')).filter((text) => text !== ''));
  return sorted({ ...tally, names: values('name').size, addresses: values('ip').size });
}

function performed(deeds: Deed[], what: string, subject: Subject): Tally {
  const { ip, ...rest } = subject;
  const these = deeds.filter(
    (deed) =>
      deed.what === what &&
      (ip === undefined || deed.addresses.includes(ip)) &&
      Object.entries(rest).every(([key, value]) => deed[key as keyof typeof rest] === value)
  );
  const tally: Tally = {};
  for (const { server, times } of these) {
    tally[`on ${server}`] = (tally[`on ${server}`] ?? 0) + times;
  }
  const values = (key: 'names' | 'addresses') =>
    new Set(these.flatMap((deed) => deed[key]).filter((text) => text !== ''));
  return sorted({ ...tally, names: values('names').size, addresses: values('addresses').size });
}

/** Whom records are of that are not the subject's; of servers at least one has to be there. */
function strangers(records: Row[], subject: Subject): Tally {
  const others = records.filter((row) =>
    KEYS.some((key) => subject[key] !== undefined && row[key] !== undefined && row[key] !== subject[key])
  );
  return { ...(records.length > 0 ? {} : { missing: 1 }), ...(others.length > 0 ? { strangers: others.length } : {}) };
}
