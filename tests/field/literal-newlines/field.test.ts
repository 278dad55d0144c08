import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { selfSigned } from '../../../lab/certificate';
import { answering } from '../../harness/answers';
import { dataSource, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const inOneLine = (text: string) => text.replaceAll('\n', '\\n');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'literal-newlines-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const { cert, key } = selfSigned(['127.0.0.1']);

function tls() {
  const [cert_file, key_file] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  fs.writeFileSync(cert_file, cert);
  fs.writeFileSync(key_file, key);
  return { cert_file, key_file };
}

test.each([
  ['real line breaks', (text: string) => text],
  ['\\n', inOneLine],
])('an authority over NATS and over HTTP with %s', async (_, write) => {
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS, tls: tls(), http: '127.0.0.1:-1' });
  const nats = { servers: [n1.url.replace('nats:', 'tls:')], auth: 'user', user: 'grafana' };
  const overNATS = dataSource({ nats }, { secureJsonData: { natsPassword: 's3cret', natsTlsCaCert: write(cert) } });
  expect(await answering(plugin(), overNATS)).toBe('1 of 1');
  const overHTTP = dataSource(
    { urls: [n1.monitor], tlsAuthWithCACert: true },
    { secureJsonData: { tlsCACert: write(cert) } }
  );
  expect(await answering(plugin(), overHTTP)).toBe('1 of 1');
});

/** The content of a credentials file, as nsc writes it, of nobody. */
const CREDENTIALS = fs.readFileSync(path.join(__dirname, 'throwaway.creds'), 'utf8');

test('credentials in one line are read like those in many', async () => {
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS });
  const said = async (natsCredentials: string) => {
    const source = dataSource(
      { nats: { servers: [n1.url], auth: 'credentials' } },
      { secureJsonData: { natsCredentials } }
    );
    return (await plugin().health(source)).message;
  };
  // The server knows no such user, which it says once the credentials were read.
  const expected = await said(CREDENTIALS);
  expect(expected).not.toMatch(/natsCredentials/);
  expect(await said(inOneLine(CREDENTIALS))).toBe(expected);
});

test.each(['natsTlsCaCert', 'tlsCACert'])('%s that is none is named', async (name) => {
  const jsonData = { urls: ['http://127.0.0.1:1'], tlsAuthWithCACert: true, nats: { servers: ['tls://127.0.0.1:1'] } };
  const source = dataSource(jsonData, { secureJsonData: { [name]: '/etc/ssl/ca.pem' } });
  await expect(answering(plugin(), source)).rejects.toThrow(
    `the CA certificate (${name}) is not a certificate as PEM text`
  );
});
