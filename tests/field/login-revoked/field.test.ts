import http from 'node:http';
import { type AddressInfo } from 'node:net';

import { freePorts } from '../../../lab/ports';
import { answering } from '../../harness/answers';
import { eventually } from '../../harness/eventually';
import { ask, dataSource, notices, saved, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, overNATS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const QUERIES = 200;
const STOPS = { queryType: 'stops', view: 'totals' };

interface Closed {
  connections: Array<{ name?: string; reason: string }>;
}

test('we do not knock again and again, and say why', async () => {
  const [port, monitor] = await freePorts(2);
  const at = { port, http: `127.0.0.1:${monitor}` };
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS, ...at });
  const source = overNATS([n1]);
  expect(await answering(plugin(), source)).toBe('1 of 1');

  await n1.stop();
  const SYS = { users: [{ user: 'grafana', password: 'other' }] };
  const after = await servers.start({
    server_name: 'n1',
    ...ACCOUNTS,
    accounts: { ...(ACCOUNTS.accounts as object), SYS },
    ...at,
  });
  const refused = async () => {
    const answer = await ask(plugin(), source, STOPS);
    expect(answer.error ?? notices(answer)).toContain('NATS refused these credentials');
  };
  await eventually(refused);
  for (let i = 0; i < QUERIES; i++) {
    await refused();
  }
  expect((await plugin().health(source)).message).toContain('NATS refused these credentials');

  const { connections } = await after.ask<Closed>('/connz?state=closed');
  const own = connections.filter(({ name }) => name === 'grafana-nats-connections');
  expect(own.length).toBeGreaterThan(0);
  expect(own.length).toBeLessThanOrEqual(4);
});

test('another password in the settings is tried at once', async () => {
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS });
  const wrong = { ...overNATS([n1]), secureJsonData: { natsPassword: 'wrong' } };
  for (let i = 0; i < 3; i++) {
    const { error } = await ask(plugin(), wrong, STOPS);
    expect(error).toContain('NATS refused these credentials');
  }
  const right = saved(wrong, {}, { secureJsonData: { natsPassword: 's3cret' } });
  expect(await answering(plugin(), right)).toBe('1 of 1');
});

test('a proxy in front that refuses a login is left alone for a while, too', async () => {
  const n1 = await servers.start({ server_name: 'n1' });
  let asked = 0;
  const basic = `Basic ${Buffer.from('grafana:s3cret').toString('base64')}`;
  const proxy = http.createServer((request, response) => {
    asked += 1;
    if (request.headers.authorization !== basic) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end();
      return;
    }
    http.get(`${n1.monitor}${request.url ?? ''}`, (from) => {
      response.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(response);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const login = { basicAuth: true, basicAuthUser: 'grafana' };
  const wrong = dataSource({ urls: [url] }, { ...login, secureJsonData: { basicAuthPassword: 'wrong' } });
  for (let i = 0; i < QUERIES; i++) {
    const { error } = await ask(plugin(), wrong, STOPS);
    expect(error).toContain('It asks for a login (HTTP 401).');
  }
  expect(asked).toBe(1);
  // Who presses the button waits for nothing.
  expect((await plugin().health(wrong)).message).toContain('It asks for a login (HTTP 401).');
  expect(asked).toBe(2);
  const right = saved(wrong, {}, { ...login, secureJsonData: { basicAuthPassword: 's3cret' } });
  expect(await answering(plugin(), right)).toBe('1 of 1');
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});
