/** What answers beside a good server is no NATS server, or none that can be understood. */
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import { type AddressInfo, type Server } from 'node:net';

import { selfSigned } from '../../lab/certificate';
import { visit } from '../../lab/clients';
import { eventually } from '../harness/eventually';
import { ask, dataSource, frameOf, notices, totals, usePlugin } from '../harness/plugin';
import { useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();
const listening: Server[] = [];

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['server'] };

afterEach(() => listening.splice(0).forEach((server) => server.close()));

/** Listens, and gives the host and port. */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  listening.push(server);
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (listener: RequestListener) => async () => `http://${await listen(http.createServer(listener))}`;
const says =
  (text: string): RequestListener =>
  (_, response) =>
    response.end(text);
const answersOnly =
  (code: number): RequestListener =>
  (_, response) =>
    response.writeHead(code).end();

const BROKEN: Array<[name: string, start: () => Promise<string>, told: string]> = [
  ['a proxy that wants credentials', answering(answersOnly(401)), '401'],
  ['not NATS at all', answering(says('{"status":"fine"}')), 'NATS'],
  [
    'a web page',
    answering((_, response) => response.setHeader('Content-Type', 'text/html').end('<html>Welcome</html>')),
    'web page',
  ],
  ['a wrong path', answering(answersOnly(404)), '404'],
  [
    'what dies in the middle of an answer',
    answering((_, response) => {
      response.writeHead(200, { 'Content-Length': 10_000 });
      response.write('{"server_id":', () => response.destroy());
    }),
    '',
  ],
  [
    'an address where nothing listens',
    async () => {
      const server = http.createServer();
      const address = await listen(server);
      await new Promise((resolve) => server.close(resolve));
      return `http://${address}`;
    },
    'refused',
  ],
  [
    'an unknown certificate',
    async () => `https://${await listen(https.createServer(selfSigned(['127.0.0.1']), answersOnly(404)))}`,
    'certificate',
  ],
];

test.each(BROKEN)('%s costs one sentence', async (_, start, told) => {
  const n1 = await servers.start({ server_name: 'n1' });
  await visit(n1, { name: 'web-0' });
  const bad = await start();
  const address = new URL(bad).host;

  const both = dataSource({ urls: [n1.monitor, bad] });
  await eventually(async () => expect(totals(await ask(plugin(), both, STOPS))).toEqual({ 'server=n1': 1 }));
  const notice = notices(await ask(plugin(), both, STOPS));
  expect(notice).toContain(`No answer from ${address}`);
  expect(notice).toContain(told);

  const { error, errorSource, frames = [] } = await ask(plugin(), dataSource({ urls: [bad] }), STOPS);
  expect(errorSource).toBe('downstream');
  expect(error).toContain(address);
  expect(error).toContain(told);
  // The query inspector has something to show.
  expect(frameOf({ frames }).schema.meta?.executedQueryString).toBeTruthy();

  const { status, message } = await plugin().health(both);
  expect(status).toBe('ERROR');
  expect(message).toContain('1 of 2 servers answered');
  expect(message).toContain(told);
});
