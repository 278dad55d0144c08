/** A connection of the history that fails: one sentence in Save & test and in a notice, while queries go on. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { selfSigned } from '../../lab/certificate';
import { closedBy, visit } from '../../lab/clients';
import { type DataSource } from '../../lab/host';
import { type NatsServer } from '../../lab/nats-server';
import { OPERATOR, withStreams } from '../harness/jetstream';
import { ask, dataSource, notices, totals, usePlugin } from '../harness/plugin';
import { useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'history-tls-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const at = path.join(folder, name);
  fs.writeFileSync(at, text, { mode: 0o600 });
  return at;
};

/** A certificate for another host, so that there is something to refuse beside its authority. */
const { cert, key } = selfSigned(['elsewhere.example.com']);

/** A server that speaks TLS with whoever asks, and asks for a certificate itself if it is to. */
async function started(verify: boolean): Promise<NatsServer> {
  const tls = {
    cert_file: file('cert.pem', cert),
    key_file: file('key.pem', key),
    ca_file: file('ca.pem', cert),
    verify,
  };
  return servers.start({ ...withStreams(), tls, allow_non_tls: !verify });
}

interface Failure {
  verify?: boolean;
  history?: object;
  secrets?: Record<string, string>;
}

function keeping(server: NatsServer, { history = {}, secrets = {} }: Failure): DataSource {
  const url = server.url.replace('nats://', 'tls://');
  return dataSource(
    {
      urls: [server.monitor],
      history: { servers: [url], auth: 'user', user: OPERATOR.user, create: true, ...history },
    },
    { secureJsonData: { historyPassword: 's3cret', ...secrets } }
  );
}

const named = { tlsServerName: 'elsewhere.example.com' };

it.each<[string, RegExp, Failure]>([
  [
    'an authority that nobody gave',
    /Its certificate is signed by an authority that is not trusted here\./,
    { history: named },
  ],
  [
    'a certificate for another host',
    /Its certificate is for another host name\./,
    { secrets: { historyTlsCaCert: cert } },
  ],
  [
    'a password that is wrong',
    /NATS refused these credentials\./,
    { history: named, secrets: { historyTlsCaCert: cert, historyPassword: 'wrong' } },
  ],
  [
    'a token instead of a user',
    /NATS refused these credentials\./,
    { history: { ...named, auth: 'token' }, secrets: { historyTlsCaCert: cert, historyToken: 'wrong' } },
  ],
  [
    'no client certificate, though one is asked for',
    /It ended the TLS handshake\./,
    { verify: true, history: named, secrets: { historyTlsCaCert: cert } },
  ],
])('%s', async (_, sentence, failure) => {
  const n1 = await started(failure.verify ?? false);
  if (!failure.verify) {
    await visit(n1, { name: 'web-0' });
    await closedBy(n1, 1);
  }
  const source = keeping(n1, failure);
  const { status, message } = await plugin().health(source);
  expect([status, message]).toEqual(['ERROR', expect.stringMatching(sentence)]);
  expect(message).toMatch(/^HTTP monitoring: 1 of 1 server answered.* History: \S+ failed at the step "connection": /);
  expect(message).not.toMatch(/s3cret|wrong/);

  const answer = await ask(plugin(), source, { queryType: 'stops', view: 'totals' });
  expect(Object.values(totals(answer))[0]).toBeGreaterThanOrEqual(failure.verify ? 0 : 1);
  expect(notices(answer)).toMatch(/The history could not be read, which is tried again/);
  expect(notices(answer)).toMatch(sentence);
});

it('goes on once all is as it should be', async () => {
  const n1 = await started(false);
  const source = keeping(n1, { history: named, secrets: { historyTlsCaCert: cert } });
  expect(await plugin().health(source)).toMatchObject({ status: 'OK', message: expect.stringContaining('was made') });
  expect(notices(await ask(plugin(), source, { queryType: 'stops', view: 'totals' }))).not.toMatch(/history/i);
});
