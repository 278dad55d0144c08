import { secretProblem } from './secrets';

const CREDENTIALS = `-----BEGIN NATS USER JWT-----
eyJ0
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
SUA
------END USER NKEY SEED------
`;
const SEED = `SU${'A'.repeat(56)}`;
const PEM = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n';

test.each([
  ['Credentials', CREDENTIALS],
  ['Seed', `${SEED}\n`],
  ['TlsCaCert', PEM + PEM],
  ['TlsClientKey', PEM.replaceAll('CERTIFICATE', 'EC PRIVATE KEY')],
  ['Password', 'anything'],
  ['Seed', ''],
] as const)('%s can be %j', (name, text) => {
  expect(secretProblem(name, text)).toBeUndefined();
});

test.each([
  ['Credentials', '/etc/nats/grafana.creds', /all that is in the file/],
  ['Credentials', CREDENTIALS.slice(0, 60), /all that is in the file/],
  ['Seed', `U${'A'.repeat(55)}`, /begins with SU/],
  ['TlsCaCert', '/etc/ssl/ca.pem', /PEM/],
  ['TlsClientCert', '-----BEGIN CERTIFICATE-----', /PEM/],
] as const)('%s cannot be %j', (name, text, sentence) => {
  expect(secretProblem(name, text)).toMatch(sentence);
});
