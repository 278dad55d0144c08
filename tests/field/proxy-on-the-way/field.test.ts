import http from 'node:http';
import { type AddressInfo } from 'node:net';
import zlib from 'node:zlib';

import { type Imitation } from '../../../lab/imitation';
import { sleep } from '../../../lab/wait';
import { eventually } from '../../harness/eventually';
import { useImitations } from '../../harness/imitations';
import { ask, dataSource, notices, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const TOTAL = { queryType: 'stops', view: 'totals', groupBy: [] };
const SERVERS = { queryType: 'servers', view: 'table', groupBy: ['server'] };

interface Answer {
  status: number;
  body: Buffer;
}

/** What a proxy does with a request; `pass` asks the server behind it, for the same or another path. */
type Way = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  pass: (path?: string) => Promise<Answer>
) => unknown;

const running: http.Server[] = [];
afterEach(() =>
  running.splice(0).forEach((proxy) => {
    proxy.closeAllConnections();
    proxy.close();
  })
);

/** The URL of a proxy in front of a server. */
async function behind(server: Imitation | undefined, way: Way): Promise<string> {
  const proxy = http.createServer((request, response) => {
    const pass = async (path = request.url ?? '/'): Promise<Answer> => {
      const answer = await fetch(`${server?.url}${path}`);
      return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
    };
    void Promise.resolve(way(request, response, pass)).catch(() => response.destroy());
  });
  running.push(proxy);
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

/** Passes everything on, changed by `how`. */
const passing =
  (how: (answer: Answer, response: http.ServerResponse) => void): Way =>
  async (_, response, pass) =>
    how(await pass(), response);

const answering =
  (status: number, headers: http.OutgoingHttpHeaders, body = ''): Way =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

const packed =
  (encoding: string, pack: (body: Buffer) => Buffer): Way =>
  async (_, response, pass) => {
    const { status, body } = await pass();
    response.writeHead(status, { 'Content-Encoding': encoding }).end(pack(body));
  };

/** Answers from what it keeps by a key, for ever. */
const keeping = (key: (url: string) => string): Way => {
  const kept = new Map<string, Promise<Answer>>();
  return async ({ url = '' }, response, pass) => {
    const answer = kept.get(key(url)) ?? pass();
    kept.set(key(url), answer);
    response.end((await answer).body);
  };
};

const path = (url: string): string => url.split('?')[0] ?? '';

test.each<[string, Way]>([
  ['packs answers, asked or not', packed('gzip', (body) => zlib.gzipSync(body))],
  [
    'sends answers in chunks',
    passing(({ body }, response) => {
      body.forEach((_, i) => i % 100 === 0 && response.write(body.subarray(i, i + 100)));
      response.end();
    }),
  ],
  [
    'drops a connection after each answer without a word',
    ({ socket }, response, pass) =>
      pass().then(({ body }) => {
        response.end(body, () => setImmediate(() => socket.destroy()));
      }),
  ],
  [
    'says how old an answer is, and it is fresh',
    passing(({ body }, response) => response.setHeader('Age', '1').end(body)),
  ],
])('works if it %s', async (_, way) => {
  const source = dataSource({ urls: [await behind(await serve('n1'), way)] });
  for (let i = 0; i < 5; i++) {
    expect(totals(await ask(plugin(), source, TOTAL))).toEqual({ '': 3 });
  }
});

test('works if it adds a path, which the URL has; without, that is said', async () => {
  const n1 = await serve('n1');
  const url = await behind(n1, async ({ url = '' }, response, pass) => {
    const below = /^\/nats\/n1(\/.*)/.exec(url)?.[1];
    response.writeHead(below ? 200 : 404).end(below && (await pass(below)).body);
  });
  expect(totals(await ask(plugin(), dataSource({ urls: [`${url}/nats/n1/`] }), TOTAL))).toEqual({ '': 3 });
  const { error } = await ask(plugin(), dataSource({ urls: [url] }), TOTAL);
  expect(error).toContain('It has no monitoring under this URL (HTTP 404).');
});

const LOGIN = '<html><form>Log in</form></html>';
const HALF = 0.5;

test.each<[string, Way, string]>([
  ['says that nothing changed', answering(304, {}), 'A cache on the way answers for it (HTTP 304).'],
  [
    'says how old an answer is, and it is old',
    passing(({ body }, response) => response.setHeader('Age', '30').end(body)),
    'A cache on the way answers for it, 30s late.',
  ],
  [
    'leads to another host',
    answering(302, { Location: 'http://login.example.org/varz' }),
    'It redirects to http://login.example.org. Use that address in the URL.',
  ],
  [
    'leads to a login',
    answering(302, { Location: '/login?then=varz' }),
    'It redirects elsewhere, probably to a login page.',
  ],
  [
    'shows a login',
    answering(200, { 'Content-Type': 'text/html' }, LOGIN),
    'It answers with a web page instead of monitoring',
  ],
  [
    'packs answers as nobody asked',
    packed('br', (body) => zlib.brotliCompressSync(body)),
    'Its answer is not the JSON of',
  ],
  [
    'cuts answers, and says so',
    passing(({ body }, response) => {
      response.write(body.subarray(0, body.length * HALF), () => response.destroy());
    }),
    'The connection broke off before the answer was complete.',
  ],
  [
    'cuts answers as if they were whole',
    passing(({ body }, response) => response.end(body.subarray(0, body.length * HALF))),
    'Its answer is not the JSON of a NATS server.',
  ],
  [
    'drops what is behind the question mark',
    async ({ url = '' }, response, pass) => {
      response.end((await pass(path(url))).body);
    },
    'It answers another question than it was asked.',
  ],
  ['allows no more', answering(429, { 'Retry-After': '60' }), 'allows no more requests now (HTTP 429).'],
  ['says later', answering(503, { 'Retry-After': '60' }), 'What stands in front of it could not reach it (HTTP 503).'],
  ['says nothing', (_, response) => response.destroy(), 'The connection broke off before the answer was complete.'],
])('is told if it %s', async (_, way, sentence) => {
  const n1 = await serve('n1');
  const source = dataSource({ urls: [await behind(n1, way)] });
  const { error } = await ask(plugin(), source, TOTAL);
  expect(error).toContain(sentence);
  expect((await plugin().health(source)).message).toContain(sentence);
  expect(rows(await ask(plugin(), source, SERVERS))).toMatchObject([{ answered: 0 }]);
});

test('that keeps all answers is told before old news look like none', async () => {
  const n1 = await serve('n1');
  const source = dataSource({
    urls: [
      await behind(
        n1,
        keeping((url) => url)
      ),
    ],
  });
  await ask(plugin(), source, TOTAL);
  const [stop] = n1.replies.closed;
  n1.replies.closed.unshift({ ...stop, cid: 4, stop: new Date().toISOString() });
  n1.replies.varz.total_connections = 4;
  await eventually(async () => {
    expect((await ask(plugin(), source, TOTAL)).error).toMatch(/A cache on the way answers for it, \ds late\./);
  });
});

test('that keeps lists alone is told', async () => {
  const n1 = await serve('n1');
  const keep = keeping((url) => url);
  const source = dataSource({
    urls: [
      await behind(n1, async (request, response, pass) => {
        await (request.url === '/varz' ? passing(({ body }) => response.end(body)) : keep)(request, response, pass);
      }),
    ],
  });
  expect(totals(await ask(plugin(), source, TOTAL))).toEqual({ '': 3 });
  await eventually(async () => {
    n1.replies.varz.total_connections = Number(n1.replies.varz.total_connections) + 1;
    expect((await ask(plugin(), source, TOTAL)).error).toMatch(/A cache on the way answers for it, \ds late\./);
  });
});

test('that looks at paths alone is told once it has kept the wrong list', async () => {
  const n1 = await serve('n1');
  n1.replies.open.push({ cid: 4, kind: 'Client', start: new Date().toISOString() });
  const source = dataSource({ urls: [await behind(n1, keeping(path))] });
  const { error } = await ask(plugin(), source, { queryType: 'connections', view: 'totals', groupBy: [] });
  expect(error).toBeUndefined();
  expect((await ask(plugin(), source, TOTAL)).error).toMatch(/another question than it was asked|A cache on the way/);
});

test('is left alone for as long as it asks', async () => {
  let asked = 0;
  const url = await behind(undefined, (_, response) => {
    asked += 1;
    response.writeHead(429, { 'Retry-After': '60' }).end();
  });
  const source = dataSource({ urls: [url] });
  for (let i = 0; i < 5; i++) {
    expect((await ask(plugin(), source, TOTAL)).error).toContain('HTTP 429');
  }
  expect(asked).toBe(1);
});

const HELD_MS = 4_400;

test('that holds answers back moves no times', async () => {
  const n1 = await serve('n1');
  const url = await behind(n1, async (request, response, pass) => {
    const { body } = await pass();
    await sleep(request.url === '/varz' ? HELD_MS : 0);
    response.end(body);
  });
  const records = await ask(plugin(), dataSource({ urls: [url], timeout: 30 }), {
    queryType: 'stops',
    view: 'records',
    groupBy: [],
  });
  expect(rows(records)).toHaveLength(3);
  rows(records).forEach((row) => expect(row.time).toEqual(row.server_time));
  expect(notices(records)).not.toContain('clock');
});

test('that leads elsewhere is not followed with the login', async () => {
  const elsewhere = await serve('n1');
  const url = await behind(elsewhere, ({ url: asked = '' }, response) => {
    response.writeHead(307, { Location: `${elsewhere.url}${asked}` }).end();
  });
  const more = { basicAuth: true, basicAuthUser: 'grafana', secureJsonData: { basicAuthPassword: 's3cret' } };
  const { error } = await ask(plugin(), dataSource({ urls: [url] }, more), TOTAL);
  expect(error).toContain(`It redirects to ${elsewhere.url}.`);
  expect(elsewhere.requests).toEqual([]);
});
