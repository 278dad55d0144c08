/** Every count of stops on the provisioned dashboard, compared with what the servers themselves list. */
import path from 'node:path';

import { readQuestions } from '../../lab/demo/provisioning';
import { type Query } from '../../lab/host';
import { accountOf, type Listed } from '../harness/accounts';
import { eventually } from '../harness/eventually';
import { cause, useLab } from '../harness/lab';
import { ask, dataSource, frameOf, rows, usePlugin } from '../harness/plugin';

const plugin = usePlugin();
const lab = useLab();

/** A closed connection as /connz tells it, read without any of the plugin's code; by the keys of queries. */
type OwnRecord = Record<'reason' | 'account' | 'server' | 'class' | 'category', string>;
type Counts = Record<string, number>;

interface Stops extends Query {
  view: string;
  groupBy?: string[];
  filters?: Array<{ key: string; operator: string; values: string[] }>;
}

const PLANNED = ['Client Closed', 'Server Shutdown', 'Kicked', 'Credentials Revoked'];
/** The keys by which groups are compared; by others only the sum is. */
const COMPARED: string[] = ['reason', 'account', 'server', 'class'];

const PANELS = readQuestions(path.join(__dirname, '../../provisioning'))
  .filter(({ isAlert, title }) => !isAlert && !title.endsWith('(annotation)'))
  .flatMap(({ title, queries }) => queries.map((query) => ({ title, query: query as unknown as Stops })))
  .filter(({ query: { queryType, metric = 'stops' } }) => queryType === 'stops' && metric === 'stops');

beforeAll(async () => {
  for (const behaviour of ['auth-failure-burst', 'slow-consumer-pending', 'max-payload', 'clean-close', 'kicked']) {
    await cause(lab(), behaviour);
  }
}, 120_000);

test('there is enough to compare', async () => {
  expect((await allRecords()).length).toBeGreaterThanOrEqual(16);
  expect(PANELS.length).toBeGreaterThanOrEqual(6);
});

// Who left in order may still be on the way out, so that the servers' lists are read as often as the panel's.
test.each(PANELS)('$title', async ({ query }) => {
  await eventually(async () => expect(await shown(query)).toEqual(counted(query, await allRecords())));
});

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
    category: listed.reason.startsWith('Slow Consumer') ? 'slow_consumer' : 'another',
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
  const result = await ask(plugin(), dataSource({ urls: lab().monitors }), query);
  const counts: Counts = {};
  if (query.view === 'records') {
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
