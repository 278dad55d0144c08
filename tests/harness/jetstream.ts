/** Servers with JetStream, and what their streams are. */
import { type NatsConnection, connect } from '@nats-io/transport-node';

import { type Config, type NatsServer } from '../../lab/nats-server';

export interface User {
  user: string;
  password: string;
  permissions?: { publish: string[]; subscribe: string };
}

/** Whoever may do everything in the account that has JetStream. */
export const OPERATOR: User = { user: 'operator', password: 's3cret' };

/** A user who may publish these subjects alone, and read answers. */
export const allowed = (user: string, publish: string[]): User => ({
  user,
  password: 's3cret',
  permissions: { publish, subscribe: '_INBOX.>' },
});

/** A server with a system account, and an account with JetStream and these users besides the operator. */
export const withStreams = (users: User[] = []): Config => ({
  server_name: 'n1',
  jetstream: {},
  system_account: 'SYS',
  no_auth_user: 'app',
  accounts: {
    APP: { users: [{ user: 'app', password: 's3cret' }] },
    SYS: { users: [{ user: 'system', password: 's3cret' }] },
    MONITORING: { jetstream: 'enabled', users: [OPERATOR, ...users] },
  },
});

export interface StreamInfo {
  config: Record<string, unknown>;
  state: { messages: number };
}

/** What JetStream answers the operator. */
export async function jetStream<T>(server: NatsServer, subject: string, body: object | string = ''): Promise<T> {
  return asOperator(server, async (nats) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = (await nats.request(subject, text)).json<T & { error?: { description: string } }>();
    if (answer.error) {
      throw new Error(answer.error.description);
    }
    return answer;
  });
}

export const infoOf = (server: NatsServer, stream = 'NATS_CONNECTIONS'): Promise<StreamInfo> =>
  jetStream(server, `$JS.API.STREAM.INFO.${stream}`);

export const makeStream = (server: NatsServer, config: { name: string; subjects: string[] }): Promise<StreamInfo> =>
  jetStream(server, `$JS.API.STREAM.CREATE.${config.name}`, config);

/** Lets the operator ask whatever a test wants to know. */
export async function asOperator<T>(server: NatsServer, ask: (nats: NatsConnection) => Promise<T>): Promise<T> {
  const nats = await connect({
    servers: server.address.host + ':' + server.address.port,
    user: OPERATOR.user,
    pass: OPERATOR.password,
  });
  try {
    return await ask(nats);
  } finally {
    await nats.close();
  }
}

interface Stored {
  state: { first_seq: number; last_seq: number; messages: number; bytes: number };
  message: { data: string };
}

const stored = async (nats: NatsConnection, what: string, body: object = {}): Promise<Stored> =>
  (await nats.request(`$JS.API.STREAM.${what}.NATS_CONNECTIONS`, JSON.stringify(body))).json<Stored>();

/** How much is in the stream. */
export const stateOf = async (nats: NatsConnection): Promise<Stored['state']> => (await stored(nats, 'INFO')).state;

/** How often each record is in the stream. */
export async function recordsIn(nats: NatsConnection): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  const { first_seq: first, last_seq: last } = await stateOf(nats);
  for (let seq = first; seq <= last; seq++) {
    const { message } = await stored(nats, 'MSG.GET', { seq });
    const block = JSON.parse(Buffer.from(message.data, 'base64').toString()) as {
      server_id: string;
      connections: Array<{ cid: number }>;
    };
    for (const { cid } of block.connections) {
      const id = `${block.server_id} ${cid}`;
      times.set(id, (times.get(id) ?? 0) + 1);
    }
  }
  return times;
}
