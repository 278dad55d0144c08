/** What others captured in a stream, as docs/history.md says how: the stops that no ring shows. */
import { visits } from '../../lab/clients';
import { Host, type Query } from '../../lab/host';
import { type Config, type NatsServer } from '../../lab/nats-server';
import { readPage, wordsInCode } from '../docs/pages';
import { eventually } from '../harness/eventually';
import { OPERATOR, allowed, infoOf, jetStream, withStreams } from '../harness/jetstream';
import { HOUR, ask, dataSource, last, rows, totals } from '../harness/plugin';
import { ringOf, useServers } from '../harness/servers';

const servers = useServers();

const RING = 40;
const COUNT = { queryType: 'stops', view: 'totals' };
const page = readPage('docs/history.md');

/** What the table lets a user publish who only reads the history, and what others captured. */
const reader = allowed(
  'reader',
  page.prose
    .split('\n')
    .filter((line) => /^\| read /.test(line))
    .flatMap((line) => wordsInCode({ file: '', blocks: [], prose: line }).filter((word) => word.startsWith('$JS.')))
);

/** The import of the page's configuration, beside what tests have. */
function importing(): Config {
  const said = page.blocks.map(({ text }) => text).find((text) => text.includes('imports:')) ?? '';
  const [subject] = /\$SYS\.ACCOUNT[^"]*/.exec(said) ?? [];
  expect(said).toContain('exports: [{ stream: "$SYS.ACCOUNT.*.DISCONNECT", accounts: [MONITORING] }]');
  const config = withStreams([reader]) as { accounts: Record<string, Config> };
  config.accounts.SYS = { ...config.accounts.SYS, exports: [{ stream: subject, accounts: ['MONITORING'] }] };
  config.accounts.MONITORING = {
    ...config.accounts.MONITORING,
    imports: [{ stream: { account: 'SYS', subject } }],
  };
  return { ...config, ...ringOf(RING).config };
}

/** Makes the stream that the page's command makes, on one server. */
async function capture(server: NatsServer): Promise<string> {
  const [command = ''] = page.blocks.flatMap(({ kind, text }) => (kind === 'sh captured' ? [text] : []));
  const [, name = '', subject = ''] = /^nats stream add (\w+) --subjects='([^']+)'/.exec(command) ?? [];
  await jetStream(server, `$JS.API.STREAM.CREATE.${name}`, { name, subjects: [subject], storage: 'file' });
  return name;
}

test('what a ring dropped while Grafana was down is shown once, and complete only as far as the ring tells', async () => {
  const n1 = await servers.start(importing());
  const captured = await capture(n1);
  const history = { servers: [n1.url], auth: 'user', user: OPERATOR.user, create: true };
  const secrets = { secureJsonData: { historyPassword: 's3cret' } };
  const urls = [n1.monitor];
  const [plain, full] = [dataSource({ urls }), dataSource({ urls, history: { ...history, captured } }, secrets)];
  let host = await Host.start(process.env.PLUGIN_BINARY ?? '');
  // Whoever says nothing is of this account; who reads streams is not.
  const app = { ...COUNT, filters: [{ key: 'account', operator: '=', values: ['APP'] }] };
  const count = async (source: typeof full, query: Query = app) =>
    Object.values(totals(await ask(host, source, query)))[0];
  try {
    await visits(n1, 10);
    await eventually(async () => expect(await count(full)).toBe(10));
    await eventually(async () => expect((await infoOf(n1)).state.messages).toBeGreaterThan(0));
    await host.signal('SIGKILL');
    await visits(n1, 3 * RING);
    await eventually(async () => expect((await infoOf(n1, captured)).state.messages).toBeGreaterThan(3 * RING));
    host = await Host.start(process.env.PLUGIN_BINARY ?? '');
    await eventually(async () => expect(await count(full)).toBe(10 + 3 * RING), 60_000);
    expect(await count(plain)).toBeLessThanOrEqual(ringOf(RING).ring);
    const records = rows(await ask(host, full, { queryType: 'stops', view: 'records' }, { range: last(HOUR) }));
    const ids = records.map(({ server_id, cid }) => `${server_id} ${cid}`);
    expect(new Set(ids).size).toBe(ids.length);
    // They are shown, and not written: they are in a stream.
    const { message } = await host.health(full);
    expect(message).toMatch(/The stream DISCONNECTS, which others capture, has \d+ messages, the first from /);

    const reads = { ...history, user: reader.user, create: false, write: false, captured };
    const alone = await host.health(dataSource({ urls, history: reads }, secrets));
    expect(alone).toMatchObject({ status: 'OK', message: expect.stringContaining('nothing is added here') });
  } finally {
    await host.close();
  }
}, 180_000);

test('a stream without the import is told to be empty, and one that is not there to fail', async () => {
  const n1 = await servers.start(withStreams());
  const captured = await capture(n1);
  const host = await Host.start(process.env.PLUGIN_BINARY ?? '');
  const source = (of: string) =>
    dataSource(
      {
        urls: [n1.monitor],
        history: { servers: [n1.url], auth: 'user', user: OPERATOR.user, create: true, captured: of },
      },
      { secureJsonData: { historyPassword: 's3cret' } }
    );
  try {
    expect((await host.health(source(captured))).message).toMatch(/is empty: see that its account imports/);
    const { status, message } = await host.health(source('ELSEWHERE'));
    expect([status, message]).toEqual(['ERROR', expect.stringMatching(/ELSEWHERE failed .*There is no such stream\./)]);
    const { frames } = await ask(host, source('ELSEWHERE'), COUNT);
    const told = (frames ?? []).flatMap(({ schema }) => schema.meta?.notices ?? []).map(({ text }) => text);
    expect(told.join('\n')).toMatch(/What others captured could not be read, which is tried again/);
  } finally {
    await host.close();
  }
});
