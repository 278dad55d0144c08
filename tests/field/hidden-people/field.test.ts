import { closedBy, visit } from '../../../lab/clients';
import { type DataSource } from '../../../lab/host';
import { type NatsServer } from '../../../lab/nats-server';
import { eventually } from '../../harness/eventually';
import { OPERATOR, asOperator, infoOf, withStreams } from '../../harness/jetstream';
import { ask, dataSource, rows, saved, totals, usePlugin } from '../../harness/plugin';
import { useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const RECORDS = { queryType: 'stops', view: 'records' };
const BY_USER = { queryType: 'stops', view: 'totals', groupBy: ['user'] };

async function visited(): Promise<NatsServer> {
  const n1 = await servers.start(withStreams([{ user: 'alice', password: 's3cret' }]));
  await visit(n1, { name: 'web-0', user: 'alice', pass: 's3cret' });
  await closedBy(n1, 1);
  return n1;
}

const reading = (server: NatsServer, more: object): DataSource => dataSource({ urls: [server.monitor], ...more });

test('nobody sees who people are', async () => {
  const n1 = await visited();
  const open = reading(n1, {});
  expect(totals(await ask(plugin(), open, BY_USER))).toEqual({ 'user=alice': 1 });
  // As the settings page saves it: nothing that was known before is told.
  const source = saved(open, { private: true });
  expect(totals(await ask(plugin(), source, BY_USER))).toEqual({ 'user=(hidden)': 1 });
  const answers = await Promise.all([
    ask(plugin(), source, RECORDS),
    ask(plugin(), source, { ...RECORDS, view: 'logs' }),
    ask(plugin(), source, { queryType: 'connections', view: 'records' }),
    plugin().resource(source, { path: 'values', search: 'key=user' }),
    plugin().resource(source, { path: 'values', search: 'key=ip' }),
  ]);
  expect(JSON.stringify(answers)).not.toMatch(/alice|127\.0\.0\.1:\d+"|"127\.0\.0\.1"/);
  expect(rows(answers[0])).toEqual([expect.objectContaining({ name: 'web-0', user: '(hidden)', ip: '' })]);
});

test.each(['user', 'ip'])('a filter on %s is no zero', async (key) => {
  const source = reading(await visited(), { private: true });
  const { error, status } = await ask(plugin(), source, {
    ...RECORDS,
    filters: [{ key, operator: '=', values: ['alice'] }],
  });
  expect([status, error]).toEqual([
    400,
    `filters[0].key: ${key} is hidden by this data source (private); remove the filter.`,
  ]);
});

const STREAM = (server: NatsServer) => ({ servers: [server.url], auth: 'user', user: OPERATOR.user });

/** All that is in the stream, as one text. */
const written = (server: NatsServer): Promise<string> =>
  asOperator(server, async (nats) => {
    const { messages } = (await infoOf(server)).state;
    const texts = Array.from({ length: messages }, async (_, i) => {
      const answer = await nats.request('$JS.API.STREAM.MSG.GET.NATS_CONNECTIONS', JSON.stringify({ seq: i + 1 }));
      return Buffer.from(answer.json<{ message: { data: string } }>().message.data, 'base64').toString();
    });
    return (await Promise.all(texts)).join('\n');
  });

test.each([
  ['the stream alone', {}, { private: true }],
  ['everything', { private: true }, {}],
])('people are kept out of %s', async (_, whole, history) => {
  const n1 = await visited();
  const source = {
    ...reading(n1, { ...whole, history: { ...STREAM(n1), create: true, ...history } }),
    secureJsonData: { historyPassword: 's3cret' },
  };
  await ask(plugin(), source, BY_USER);
  await eventually(async () => expect(await written(n1)).toMatch(/"reason":"Client Closed"/));
  const text = await written(n1);
  expect(text).toContain('web-0');
  expect(text).not.toMatch(/alice|"ip"/);
});

test('what others wrote of people is not told', async () => {
  const n1 = await visited();
  const secureJsonData = { historyPassword: 's3cret' };
  const open = { ...reading(n1, { history: { ...STREAM(n1), create: true } }), secureJsonData };
  await ask(plugin(), open, BY_USER);
  await eventually(async () => expect(await written(n1)).toContain('alice'));
  const source = { ...reading(n1, { private: true, history: { ...STREAM(n1), write: false } }), secureJsonData };
  await eventually(async () =>
    expect(totals(await ask(plugin(), source, BY_USER))).toMatchObject({ 'user=(hidden)': expect.any(Number) })
  );
  expect(JSON.stringify(await ask(plugin(), source, RECORDS))).not.toContain('alice');
});
