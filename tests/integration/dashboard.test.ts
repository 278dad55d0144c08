/** Every count of stops on the provisioned dashboards, compared with what the servers themselves list. */
import path from 'node:path';

import { readQuestions } from '../../lab/demo/provisioning';
import { type Query, type Range } from '../../lab/host';
import { accountOf, type Listed } from '../harness/accounts';
import { eventually } from '../harness/eventually';
import { cause, useLab } from '../harness/lab';
import { ask, dataSource, frameOf, rows, totals, usePlugin } from '../harness/plugin';

const plugin = usePlugin();
const lab = useLab();

/** A closed connection as /connz tells it, read without any of the plugin's code; by the keys of queries. */
type OwnRecord = Record<'reason' | 'account' | 'server' | 'class' | 'category', string>;
type Counts = Record<string, number>;

interface Stops extends Query {
  view: string;
  change?: boolean;
  groupBy?: string[];
  filters?: Array<{ key: string; operator: string; values: string[] }>;
}

const PLANNED = ['Client Closed', 'Server Shutdown', 'Kicked', 'Credentials Revoked'];
const CATEGORIES: Array<[string, string]> = [
  ['Slow Consumer', 'slow_consumer'],
  ['Server Shutdown', 'shutdown'],
];
/** The keys by which groups are compared; by others only the sum is. */
const COMPARED: string[] = ['reason', 'account', 'server', 'class'];

const PANELS = readQuestions(path.join(__dirname, '../../provisioning'))
  .filter(({ isAlert, title }) => !isAlert && !title.endsWith('(annotation)'))
  .flatMap(({ group, title, queries }) => queries.map((query) => ({ group, title, query: query as unknown as Stops })))
  .filter(({ query: { queryType, metric = 'stops' } }) => queryType === 'stops' && metric === 'stops');

const COUNTS = PANELS.filter(({ query: { change } }) => !change);
const CHANGES = PANELS.filter(({ query: { change } }) => change);

let began: number;

beforeAll(async () => {
  began = Date.now();
  for (const behaviour of ['auth-failure-burst', 'slow-consumer-pending', 'max-payload', 'clean-close', 'kicked']) {
    await cause(lab(), behaviour);
  }
}, 120_000);

test('there is enough to compare', async () => {
  expect((await allRecords()).length).toBeGreaterThanOrEqual(16);
  expect(COUNTS.length).toBeGreaterThanOrEqual(24);
  expect(CHANGES.length).toBeGreaterThanOrEqual(6);
});

// Who left in order may still be on the way out, so that the servers' lists are read as often as the panel's.
test.each(COUNTS)('$group: $title', async ({ query }) => {
  await eventually(async () => expect(await shown(query)).toEqual(counted(query, await allRecords())));
});

test.each(CHANGES)('$group: $title, against the time before', async ({ query }) => {
  // From now on nothing stopped yet; in the time before all that did.
  const now = Date.now() + 1_000;
  const [change] = Object.values(totals(await asked(query, { from: now, to: 2 * now - began })));
  const { '': stopped = 0 } = counted(query, await allRecords());
  expect([query, change]).toEqual([query, 0 - stopped]);
});

test('what stopped before servers started is not told as a rise', async () => {
  for (const { query } of CHANGES) {
    expect(totals(await asked(query))).toEqual({});
  }
});

const asked = (query: Query, range?: Range) =>
  ask(plugin(), dataSource({ urls: lab().monitors }), query, range && { range });

const allRecords = async (): Promise<OwnRecord[]> =>
  (await Promise.all(lab().cluster.servers.map(({ name, monitor }) => ownRecords(name, monitor)))).flat();

async function ownRecords(server: string, monitor: string): Promise<OwnRecord[]> {
  const reply = await fetch(`${monitor}/connz?limit=20000&state=closed&auth=1`);
  const { connections } = (await reply.json()) as { connections: Listed[] };
  return connections.map((listed) => ({
    reason: listed.reason,
    account: accountOf(listed),
    server,
    class: PLANNED.includes(listed.reason) ? 'planned' : 'unexpected',
    category: CATEGORIES.find(([start]) => listed.reason.startsWith(start))?.[1] ?? 'another',
  }));
}

/** What a record has for a key; a key that cannot be told from /connz is an error. */
function valueOf(record: OwnRecord, key: string): string {
  if (!(key in record)) {
    throw new Error(`the dashboard uses "${key}", which this test cannot tell from /connz`);
  }
  return record[key as keyof OwnRecord];
}

function matches(record: OwnRecord, { key, operator, values }: { key: string; operator: string; values: string[] }) {
  const value = valueOf(record, key);
  const isOne = operator.endsWith('~') // "=~" and "!~"
    ? values.some((pattern) => new RegExp(`^(?:${pattern})$`).test(value))
    : values.includes(value);
  return operator.startsWith('!') ? !isOne : isOne;
}

function labelled({ view, groupBy = [] }: Stops, value: (key: string) => string): string {
  const keys = view === 'records' || view === 'logs' ? [] : groupBy.filter((key) => COMPARED.includes(key));
  return keys.map((key) => `${key}=${value(key)}`).join(',');
}

function add(counts: Counts, label: string, number: number): void {
  if (number !== 0) {
    counts[label] = (counts[label] ?? 0) + number;
  }
}

function counted(query: Stops, own: OwnRecord[]): Counts {
  const counts: Counts = {};
  for (const record of own) {
    if ((query.filters ?? []).every((filter) => matches(record, filter))) {
      add(
        counts,
        labelled(query, (key) => valueOf(record, key)),
        1
      );
    }
  }
  return counts;
}

/** Sums the numbers of the panel's frame by the keys that are compared. */
async function shown(query: Stops): Promise<Counts> {
  const result = await asked(query);
  const counts: Counts = {};
  if (query.view === 'records' || query.view === 'logs') {
    add(counts, '', rows(result).length);
  } else if (query.view === 'table') {
    rows(result).forEach((row) =>
      add(
        counts,
        labelled(query, (key) => String(row[key])),
        Number(row.stops)
      )
    );
  } else {
    const { schema, data } = frameOf(result);
    schema.fields.forEach(({ name, labels = {} }, i) => {
      if (name === 'stops') {
        const label = labelled(query, (key) => labels[key] ?? '');
        (data.values[i] ?? []).forEach((number) => add(counts, label, Number(number)));
      }
    });
  }
  return counts;
}
