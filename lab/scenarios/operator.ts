/** An operator's keys and tokens, as nsc would make them. */
import { createHash } from 'node:crypto';

import { type KeyPair, createAccount, createOperator, createUser } from '@nats-io/nkeys';

import { type Config } from '../nats-server';

const HEADER = { typ: 'JWT', alg: 'ed25519-nkey' };

const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');

interface Claims {
  sub: string;
  name: string;
  /** When it expires, in seconds since 1970; never without. */
  exp?: number;
  nats: object;
}

/** A token of these claims by that issuer. */
function token(issuer: KeyPair, claims: Claims): string {
  const body = { ...claims, iss: issuer.getPublicKey(), iat: Math.floor(Date.now() / 1_000) };
  const jti = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const signed = `${base64url(JSON.stringify(HEADER))}.${base64url(JSON.stringify({ jti, ...body }))}`;
  return `${signed}.${base64url(issuer.sign(Buffer.from(signed)))}`;
}

const UNLIMITED = { subs: -1, data: -1, payload: -1 };

/** A user with a token; what it says in CONNECT depends on what the server wants signed. */
export class Credentials {
  private readonly keys = createUser();

  constructor(private readonly account: KeyPair) {}

  get user(): string {
    return this.keys.getPublicKey();
  }

  /** A token that is good for that long. */
  issue(name: string, ms: number): string {
    const nats = { type: 'user', version: 2, pub: {}, sub: {}, ...UNLIMITED };
    return token(this.account, { sub: this.user, name, exp: Math.ceil((Date.now() + ms) / 1_000), nats });
  }

  sign(nonce: string): string {
    return base64url(this.keys.sign(Buffer.from(nonce)));
  }
}

/** An operator with its system account and one more. */
export class Operator {
  private readonly keys = createOperator();
  private readonly system = createAccount();
  private readonly account = createAccount();

  constructor(private readonly accountName: string) {}

  get config(): Config {
    const systemKey = this.system.getPublicKey();
    const key = this.account.getPublicKey();
    return {
      operator: token(this.keys, {
        sub: this.keys.getPublicKey(),
        name: 'lab',
        nats: { type: 'operator', version: 2, system_account: systemKey },
      }),
      system_account: systemKey,
      resolver: 'MEMORY',
      resolver_preload: {
        [systemKey]: this.accountToken(systemKey, 'SYS'),
        [key]: this.accountToken(key, this.accountName),
      },
    };
  }

  credentials(): Credentials {
    return new Credentials(this.account);
  }

  private accountToken(sub: string, name: string): string {
    const limits = { ...UNLIMITED, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
    return token(this.keys, { sub, name, nats: { type: 'account', version: 2, limits } });
  }
}
