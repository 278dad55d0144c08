import http from 'node:http';
import { type AddressInfo } from 'node:net';

import { type NatsServer } from '../../../lab/nats-server';
import { sleep } from '../../../lab/wait';
import { eventually } from '../../harness/eventually';
import { ask, dataSource, notices, totals, usePlugin } from '../../harness/plugin';
import { useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const STOPS = { queryType: 'stops', view: 'totals', groupBy: [] };
const UNLISTED = { queryType: 'servers', view: 'totals', metric: 'unlisted', groupBy: ['server'] };

/** Who has been running for less when another is heard may have begun after it: clocks are off by that. */
const BESIDE_MS = 3_500;

let balancer: http.Server | undefined;
afterEach(() => {
  balancer?.closeAllConnections();
  balancer?.close();
});

/** Passes on to one server after the other: to the next one with each request that `turns`. */
async function balanced(all: NatsServer[], turns: (path: string) => boolean): Promise<string> {
  let turn = 0;
  balancer = http.createServer(({ url = '/' }, response) => {
    turn += turns(url) ? 1 : 0;
    const to = all[turn % all.length]?.monitor ?? '';
    http.get(`${to}${url}`, (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 500)));
  });
  await new Promise<void>((resolve) => balancer?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`;
}

test('that takes the next server for each request', async () => {
  const all = await servers.cluster(['n1', 'n2', 'n3']);
  const source = dataSource({ urls: [await balanced(all, () => true)] });
  const { error } = await ask(plugin(), source, STOPS);
  expect(error).toContain('Its server changed while it was read, twice in a row. If the URL leads to a load balancer');
});

test('in front of servers that are no cluster', async () => {
  const all = await Promise.all(['n1', 'n2'].map((name) => servers.start({ server_name: name })));
  await sleep(BESIDE_MS);
  const source = dataSource({ urls: [await balanced(all, (path) => path === '/varz')] });
  const sentence =
    /At 127\.0\.0\.1:\d+ not only (n1|n2) answers but also (n1|n2), and only one of them is read at a time/;
  await ask(plugin(), source, STOPS);
  for (let i = 0; i < 3; i++) {
    expect(notices(await ask(plugin(), source, STOPS))).toMatch(sentence);
    const unlisted = totals(await ask(plugin(), source, UNLISTED));
    expect(Object.values(unlisted)).toEqual([1]);
  }
  const { status, message } = await plugin().health(source);
  expect([status, message]).toEqual([
    'ERROR',
    expect.stringContaining('If the URL leads to a load balancer, list each'),
  ]);
});

test('in front of servers without a name', async () => {
  const all = await Promise.all([servers.start({}), servers.start({})]);
  await sleep(BESIDE_MS);
  const source = dataSource({ urls: [await balanced(all, (path) => path === '/varz')] });
  await ask(plugin(), source, STOPS);
  expect(notices(await ask(plugin(), source, STOPS))).toContain('and only one of them is read at a time');
  expect(Object.values(totals(await ask(plugin(), source, UNLISTED)))).toEqual([1]);
});

test('that led to another server before it was restarted', async () => {
  const [n1] = await servers.cluster(['n1']);
  const source = dataSource({ urls: [n1?.monitor] });
  await ask(plugin(), source, STOPS);
  await n1?.stop();
  await n1?.start();
  const after = await ask(plugin(), source, STOPS);
  expect(notices(after)).toContain('n1 restarted at');
  expect(notices(after)).not.toContain('only one of them is read at a time');
});

test('that takes the next server for each read', async () => {
  const all = await servers.cluster(['n1', 'n2', 'n3']);
  const source = dataSource({ urls: [await balanced(all, (path) => path === '/varz')] });
  await eventually(async () => {
    expect(notices(await ask(plugin(), source, STOPS))).toContain(
      'Cluster lab has 3 servers, of which the settings list only 1'
    );
  });
  const [unlisted] = Object.values(totals(await ask(plugin(), source, UNLISTED)));
  expect(unlisted).toBe(2);
});
