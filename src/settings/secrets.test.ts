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
  ['natsCredentials', CREDENTIALS],
  ['natsSeed', `${SEED}\n`],
  ['natsTlsCaCert', PEM + PEM],
  ['natsTlsClientKey', PEM.replaceAll('CERTIFICATE', 'EC PRIVATE KEY')],
  ['natsPassword', 'anything'],
  ['natsSeed', ''],
] as const)('%s can be %j', (name, text) => {
  expect(secretProblem(name, text)).toBeUndefined();
});

test.each([
  ['natsCredentials', '/etc/nats/grafana.creds', /all that is in the file/],
  ['natsCredentials', CREDENTIALS.slice(0, 60), /all that is in the file/],
  ['natsSeed', `U${'A'.repeat(55)}`, /begins with SU/],
  ['natsTlsCaCert', '/etc/ssl/ca.pem', /PEM/],
  ['natsTlsClientCert', '-----BEGIN CERTIFICATE-----', /PEM/],
] as const)('%s cannot be %j', (name, text, sentence) => {
  expect(secretProblem(name, text)).toMatch(sentence);
});
