/** Clients that connect and leave at once, so many a second, and a record of them that no server wrote. */
import { type NatsServer } from './nats-server';
import { addressOf, type ConnectOptions, RawClient } from './raw-client';
import { sleep } from './wait';

const TICK_MS = 50;

export interface Passer {
  server: string;
  name: string;
  /** When it left, in milliseconds. */
  at: number;
}

export class Passers {
  /** Who left so far, by the server's id and the connection's. */
  readonly left = new Map<string, Passer>();
  private readonly leaving = new Set<Promise<void>>();
  private going?: Promise<void>;
  private isGoing = false;
  private refusal: unknown;
  private count = 0;

  constructor(
    private readonly servers: Array<Pick<NatsServer, 'url'>>,
    private readonly perSecond: number,
    /** What the client of a number calls itself. */
    private readonly nameOf: (number: number) => string = () => 'passer',
    /** How they log in. */
    private readonly login: ConnectOptions = {}
  ) {}

  start(): void {
    this.isGoing = true;
    this.going = this.go();
  }

  /** Ends once the last has left. That nobody passed at all is an error. */
  async stop(): Promise<void> {
    this.isGoing = false;
    await this.going;
    await Promise.all(this.leaving);
    if (this.refusal && this.left.size === 0) {
      throw this.refusal;
    }
  }

  /** Who left under such a name. */
  ids(name?: string): string[] {
    return [...this.left].filter(([, passer]) => name === undefined || passer.name === name).map(([id]) => id);
  }

  private async go(): Promise<void> {
    const began = Date.now();
    const before = this.count;
    while (this.isGoing) {
      while (this.count - before < ((Date.now() - began) / 1_000) * this.perSecond) {
        const pass: Promise<void> = this.pass(this.count++).finally(() => this.leaving.delete(pass));
        this.leaving.add(pass);
      }
      await sleep(TICK_MS);
    }
  }

  private async pass(number: number): Promise<void> {
    const server = this.servers[number % this.servers.length]!;
    const name = this.nameOf(number);
    const client = await RawClient.open(addressOf(server.url));
    try {
      await client.connect({ ...this.login, name });
    } catch (cause) {
      // Whom a busy server refuses does not pass.
      this.refusal = cause;
      return;
    }
    const { server_id: id, server_name: called, client_id: cid } = client.info;
    client.socket.end();
    await client.closed;
    this.left.set(`${id}/${cid}`, { server: called, name, at: Date.now() });
  }
}
