import http from 'node:http';
import { type AddressInfo } from 'node:net';

import { type NatsServer } from '../../../lab/nats-server';
import { eventually } from '../../harness/eventually';
import { ask, dataSource, notices, totals, usePlugin } from '../../harness/plugin';
import { useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const STOPS = { queryType: 'stops', view: 'totals', groupBy: [] };
const UNLISTED = { queryType: 'servers', view: 'totals', metric: 'unlisted', groupBy: ['server'] };

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
