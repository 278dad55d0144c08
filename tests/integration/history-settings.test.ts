/** What Save & test says of a history, and what a login must be allowed to do for it. */
import { closedBy, visit } from '../../lab/clients';
import { type DataSource, type Health } from '../../lab/host';
import { type NatsServer } from '../../lab/nats-server';
import { readPage, wordsInCode } from '../docs/pages';
import { eventually } from '../harness/eventually';
import { OPERATOR, allowed, infoOf, jetStream, makeStream, withStreams } from '../harness/jetstream';
import { ask, dataSource, usePlugin } from '../harness/plugin';
import { useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const STREAM = { name: 'NATS_CONNECTIONS', subjects: ['nats.connections.*'] };

/** A data source that reads a server, and keeps what it reads there. */
const keeping = (server: NatsServer, history: object = {}, password = 's3cret'): DataSource =>
  dataSource(
    { urls: [server.monitor], history: { servers: [server.url], auth: 'user', user: OPERATOR.user, ...history } },
    { secureJsonData: { historyPassword: password } }
  );

const check = (source: DataSource): Promise<Health> => plugin().health(source);

describe('Save & test', () => {
  it('makes the stream, and says so', async () => {
    const n1 = await servers.start(withStreams());
    const { status, message } = await check(keeping(n1, { create: true }));
    expect(message).toMatch(/^HTTP monitoring: 1 of 1 server answered/);
    expect(message).toMatch(
      /History: The stream NATS_CONNECTIONS was not there and was made; it keeps blocks for 30 days, on 1 server; what is read here is added\.$/
    );
    expect(status).toBe('OK');
  });

  it('says what the stream has, and leaves nothing in it', async () => {
    const n1 = await servers.start(withStreams());
    await makeStream(n1, STREAM);
    const source = keeping(n1);
    for (const _ of [1, 2]) {
      const { status, message } = await check(source);
      expect(message).toMatch(/The stream NATS_CONNECTIONS is empty; it keeps blocks without limit, on 1 server/);
      expect(status).toBe('OK');
    }
    expect((await infoOf(n1)).state.messages).toBe(0);
  });

  it('says from when blocks are, once there are some', async () => {
    const n1 = await servers.start(withStreams());
    const source = keeping(n1, { create: true });
    await visit(n1, { name: 'web-0' });
    await closedBy(n1, 1);
    await ask(plugin(), source, { queryType: 'stops', view: 'totals' });
    await eventually(async () => expect((await infoOf(n1)).state.messages).toBeGreaterThan(0));
    const { message } = await check(source);
    expect(message).toMatch(
      /The stream NATS_CONNECTIONS has \d+ blocks? \([\d.]+ k?B?(bytes)?\), (the first )?from 20\S+Z/
    );
  });

  it.each<[string, RegExp, (server: NatsServer) => DataSource]>([
    [
      'a stream that is not there',
      /NATS_CONNECTIONS failed at the step "stream of the history": There is no such stream\./,
      (n1) => keeping(n1),
    ],
    [
      'a login that is refused',
      /failed at the step "connection": NATS refused these credentials\./,
      (n1) => keeping(n1, {}, 'wrong'),
    ],
    [
      'the system account',
      // Before 2.10 servers do not say so.
      /failed at the step "stream of the history": (The account of the history has no JetStream|The stream did not answer in time)\./,
      (n1) => keeping(n1, { user: 'system' }),
    ],
    [
      'nobody there',
      /failed at the step "connection": It refused the connection\./,
      (n1) => keeping(n1, { servers: ['nats://127.0.0.1:1'] }),
    ],
  ])('names what is wrong: %s', async (_, sentence, source) => {
    const n1 = await servers.start(withStreams());
    const { status, message, details } = await check(source(n1));
    expect(message).toMatch(sentence);
    // The servers are read all the same.
    expect(message).toMatch(/^HTTP monitoring: 1 of 1 server answered/);
    expect([status, JSON.parse(details).errorDetailsLink]).toEqual([
      'ERROR',
      expect.stringMatching(/docs\/history\.md$/),
    ]);
  });

  it('names a secret that cannot be one', async () => {
    const source = dataSource(
      { urls: ['http://n1:8222'], history: { servers: ['nats://n1:4222'], auth: 'nkey' } },
      { secureJsonData: { historySeed: 'nonsense' } }
    );
    const { status, message } = await check(source);
    expect(message).toMatch(/historySeed is not the seed of a user's NKey: it begins with SU/);
    expect(status).toBe('ERROR');
  });

  it('names other subjects of the stream', async () => {
    const n1 = await servers.start(withStreams());
    await makeStream(n1, { ...STREAM, subjects: ['orders.*'] });
    const { status, message } = await check(keeping(n1));
    expect(message).toMatch(/The stream does not take the history's subjects\./);
    expect(status).toBe('ERROR');
    expect((await check(keeping(n1, { prefix: 'orders' }))).status).toBe('OK');
  });
});

describe('docs/history.md', () => {
  /** What each row of the table of permissions lets a user publish, without the rows above it. */
  const [read = [], add = [], make = []] = readPage('docs/history.md')
    .prose.split('\n')
    .filter((line) => /^\| (read|add|make) /.test(line))
    .map((line) => wordsInCode({ file: '', blocks: [], prose: line }).filter((word) => /^(\$JS|nats)\./.test(word)));

  it('has subjects in each row', () => {
    expect([read.length, add.length, make.length]).toEqual([3, 1, 1]);
  });

  const reader = allowed('reader', read);
  const writer = allowed('writer', [...read, ...add]);
  const maker = allowed('maker', [...read, ...add, ...make]);

  it('lets three users do what the table says, and no more', async () => {
    const n1 = await servers.start(withStreams([reader, writer, maker]));
    await visit(n1, { name: 'web-0' });
    await closedBy(n1, 1);
    expect(await check(keeping(n1, { user: 'writer', create: true }))).toMatchObject({
      status: 'ERROR',
      message: expect.stringMatching(/"stream of the history": The login of the history may not do this\./),
    });
    const made = keeping(n1, { user: 'maker', create: true });
    expect(await check(made)).toMatchObject({ status: 'OK', message: expect.stringContaining('was made') });

    // What is read gets there.
    const writing = keeping(n1, { user: 'writer' });
    await ask(plugin(), writing, { queryType: 'stops', view: 'totals' });
    await eventually(async () => expect((await infoOf(n1)).state.messages).toBeGreaterThan(0));
    expect((await check(writing)).status).toBe('OK');

    expect(await check(keeping(n1, { user: 'reader', write: false }))).toMatchObject({
      status: 'OK',
      message: expect.stringContaining('nothing is added here'),
    });
    expect(await check(keeping(n1, { user: 'reader' }))).toMatchObject({
      status: 'ERROR',
      message: expect.stringMatching(/"writing to the history": The login of the history may not do this\./),
    });
  });

  it.each(read)('a reader needs %s', async (subject) => {
    const without = allowed(
      'without',
      read.filter((other) => other !== subject)
    );
    const n1 = await servers.start(withStreams([without]));
    await makeStream(n1, STREAM);
    await jetStream(n1, 'nats.connections.X', 'no block');
    const { status, message } = await check(keeping(n1, { user: 'without', write: false }));
    expect(message).toMatch(/"(stream of the|reading the) history": The login of the history may not do this\./);
    expect(status).toBe('ERROR');
  });

  it('has a configuration with just these', () => {
    const [example = ''] = readPage('docs/history.md').blocks.flatMap(({ kind, text }) => (kind === '' ? [text] : []));
    const [, list = ''] = /publish: \[([^\]]*)\]/.exec(example) ?? [];
    const subjects = [...list.matchAll(/"([^"]+)"/g)].map(([, subject]) => subject);
    expect(subjects.sort()).toEqual([...read, ...add, ...make].sort());
  });
});
