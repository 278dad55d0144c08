/** What really happened: told by the clients, which neither read what servers list nor what the plugin says. */
import { type NatsServer } from '../../lab/nats-server';
import { RawClient } from '../../lab/raw-client';
import { within } from '../../lab/wait';

/** How a connection ended, by who had it. */
export interface Departure {
  server: string;
  reason: string;
  at: number;
}

/** What tells connections apart; a server tells each client its own. */
export const identity = (serverId: string, cid: number): string => `${serverId}/${cid}`;

interface Ending {
  reason: string;
  /** What the client does once it is connected. */
  cause: (client: RawClient) => void;
  password?: string;
}

/** Ways to lose a connection, with the reason that the server gives. */
const ENDINGS: Ending[] = [
  { reason: 'Client Closed', cause: (client) => void client.socket.end() },
  { reason: 'Authentication Failure', cause: () => undefined, password: 'wrong' },
  { reason: 'Maximum Message Payload Exceeded', cause: (client) => client.send('PUB a 100000000\r\n') },
  { reason: 'Protocol Violation', cause: (client) => client.send('NONSENSE\r\n') },
];

/** How many come and go side by side. */
const CROWD = 32;
const PATIENCE_MS = 300_000;
const LEAVES: Ending = ENDINGS[0] as Ending;

export class Truth {
  readonly stops = new Map<string, Departure>();

  /** Lets each of the servers lose connections in every way, as often as it is said. */
  async happen(times: number, ...servers: NatsServer[]): Promise<void> {
    for (const server of servers) {
      for (let i = 0; i < times; i++) {
        for (const ending of ENDINGS) {
          await this.end(server, ending);
        }
      }
    }
  }

  /** Lets that many clients come and go, many at a time. */
  async flood(server: NatsServer, count: number): Promise<void> {
    let left = count;
    const some = async () => {
      while (left-- > 0) {
        await this.end(server, LEAVES);
      }
    };
    await Promise.all(Array.from({ length: CROWD }, some));
  }

  /** Keeps clients that leave when they are made to, for that reason; what it gives waits until all have left. */
  async hold(server: NatsServer, count: number, reason: string): Promise<() => Promise<void>> {
    const held: Array<Promise<void>> = [];
    for (let i = 0; i < count; i++) {
      const client = await RawClient.open(server.address);
      await client.connect(WEB);
      held.push(client.closed.then(() => this.note(client, server, reason)));
    }
    return async () => {
      await within(`${server.name} ending its clients`, Promise.all(held), PATIENCE_MS);
    };
  }

  private async end(server: NatsServer, { reason, cause, password }: Ending): Promise<void> {
    const client = await RawClient.open(server.address);
    if (password) {
      client.sendConnect({ ...WEB, user: 'app', pass: password });
    } else {
      await client.connect(WEB);
    }
    cause(client);
    await within(`${server.name} ending a client`, client.closed, PATIENCE_MS);
    this.note(client, server, reason);
  }

  private note({ info }: RawClient, { name: server }: NatsServer, reason: string): void {
    if (!info) {
      throw new Error(`${server} introduced itself to nobody`);
    }
    this.stops.set(identity(info.server_id, info.client_id), { server, reason, at: Date.now() });
  }
}

const WEB = { name: 'web-0', lang: 'go', version: '1' };
