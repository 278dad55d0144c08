import { X509Certificate, createPrivateKey } from 'node:crypto';

import { selfSigned } from './certificate';

it('makes a certificate that is its own authority, for names and addresses', () => {
  const { cert, key } = selfSigned(['localhost', 'n2', '127.0.0.1'], new Date('2026-01-02T03:04:05Z'));
  const parsed = new X509Certificate(cert);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(parsed.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(parsed.ca).toBe(true);
  expect(parsed.checkHost('n2')).toBe('n2');
  expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(parsed.checkHost('elsewhere')).toBeUndefined();
  expect(new Date(parsed.validFrom)).toEqual(new Date('2026-01-01T03:04:05Z'));
});
