import http from 'node:http';
import { type AddressInfo } from 'node:net';

import { answering } from '../../harness/answers';
import { dataSource, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const ENDS = ['', '\n', '\r\n'];

/** A proxy in front of the monitoring port that lets in whoever sends this header. */
async function guarded(monitor: string, authorization: string, test: (url: string) => Promise<void>): Promise<void> {
  const proxy = http.createServer((request, response) => {
    if (request.headers.authorization !== authorization) {
      response.writeHead(401).end();
      return;
    }
    http.get(`${monitor}${request.url}`, (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 500)));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    await test(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  } finally {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  }
}

test.each(ENDS)('behind a header: %j', async (end) => {
  const n1 = await servers.start();
  await guarded(n1.monitor, 'Bearer abc', async (url) => {
    const source = dataSource(
      { urls: [url], httpHeaderName1: 'Authorization' },
      { secureJsonData: { httpHeaderValue1: `Bearer abc${end}` } }
    );
    expect(await answering(plugin(), source)).toBe('1 of 1');
  });
});

test.each(ENDS)('behind user and password: %j', async (end) => {
  const n1 = await servers.start();
  await guarded(n1.monitor, `Basic ${Buffer.from('grafana:secret').toString('base64')}`, async (url) => {
    const login = {
      basicAuth: true,
      basicAuthUser: `grafana${end}`,
      secureJsonData: { basicAuthPassword: `secret${end}` },
    };
    expect(await answering(plugin(), dataSource({ urls: [url] }, login))).toBe('1 of 1');
  });
});

test.each(ENDS)('behind a password and user of NATS: %j', async (end) => {
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS });
  const nats = { servers: [n1.url], auth: 'user', user: `grafana${end}` };
  const source = dataSource({ nats }, { secureJsonData: { natsPassword: `s3cret${end}` } });
  expect(await answering(plugin(), source)).toBe('1 of 1');
});

test.each(ENDS)('behind a token of NATS: %j', async (end) => {
  const n1 = await servers.start({ server_name: 'n1', authorization: { token: 'secret' } });
  const source = dataSource(
    { nats: { servers: [n1.url], auth: 'token' } },
    { secureJsonData: { natsToken: `secret${end}` } }
  );
  // The token lets in; a server with tokens has no login of the system account.
  expect((await plugin().health(source)).message).toContain('These credentials are not of the system account.');
});

test('inside of a header it is told', async () => {
  const source = dataSource(
    { urls: ['http://127.0.0.1:1'], httpHeaderName1: 'Authorization' },
    { secureJsonData: { httpHeaderValue1: 'Bearer\nabc' } }
  );
  await expect(answering(plugin(), source)).rejects.toThrow('httpHeaderValue1 has a line break inside');
});
