/** A self-signed certificate for the lab's TLS port. Node makes keys and signatures, but no X.509: the DER is written here. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  cert: string;
  key: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const OID = { commonName: '550403', ecdsaWithSha256: '2a8648ce3d040302', altNames: '551d11', constraints: '551d13' };

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const utcTime = (date: Date) =>
  der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`, 'ascii'));
const extension = (id: string, value: Buffer) => der(SEQUENCE, oid(id), der(0x04, value));

function altName(host: string): Buffer {
  const octets = host.split('.').map(Number);
  const isAddress = octets.length === 4 && octets.every((octet) => octet >= 0 && octet < 256);
  return isAddress ? der(0x87, Buffer.from(octets)) : der(0x82, Buffer.from(host, 'ascii'));
}

/** Makes a certificate for these hosts that is its own authority, valid for a year. */
export function selfSigned(hosts: string[], now = new Date()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid(OID.commonName), der(0x0c, Buffer.from('NATS lab')))));
  const algorithm = der(SEQUENCE, oid(OID.ecdsaWithSha256));
  const day = 86_400_000;
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    der(SEQUENCE, utcTime(new Date(now.getTime() - day)), utcTime(new Date(now.getTime() + 365 * day))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      der(
        SEQUENCE,
        extension(OID.constraints, der(SEQUENCE, der(0x01, Buffer.from([0xff])))),
        extension(OID.altNames, der(SEQUENCE, ...hosts.map(altName)))
      )
    )
  );
  const signature = sign('sha256', body, privateKey);
  const whole = der(SEQUENCE, body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
