/** A client that stays connected: it comes back after its server went, to the next one that takes it. */
import { type NatsServer } from '../nats-server';
import { RawClient } from '../raw-client';
import { sleep, until, within } from '../wait';
import { type Person } from './cast';

const RETRY_MS = 150;
const ARRIVAL_MS = 20_000;

export class Resident {
  client?: RawClient;
  /** Whether it comes back after its connection ended. */
  returns = true;
  /** Whether it goes when its server tells that it will shut down; a library that is not told to stays to the end. */
  heedsLameDuck = true;
  private readonly first: Promise<void>;
  private leaving = false;
  private next = 0;

  /** The servers are tried in this order, again and again. */
  constructor(
    readonly person: Person,
    private readonly servers: NatsServer[]
  ) {
    this.first = new Promise((resolve) => void this.live(resolve));
  }

  /** Waits until it was let in for the first time. */
  arrived(): Promise<void> {
    return within(`${this.person.name} connecting`, this.first, ARRIVAL_MS);
  }

  /** Where it is, or was last. */
  get server(): string {
    return this.client?.info.server_name ?? '';
  }

  /** Waits until it is connected. */
  async isBack(): Promise<void> {
    const is = () => Promise.resolve(this.client && !this.client.socket.destroyed ? true : undefined);
    await until(`${this.person.name} coming back`, is, ARRIVAL_MS);
  }

  /** Leaves in good order, for ever. */
  async leave(): Promise<void> {
    this.leaving = true;
    await this.client?.end();
  }

  /** Is gone, whatever its server says. */
  drop(): void {
    this.leaving = true;
    this.client?.socket.destroy();
  }

  private async live(arrived: () => void): Promise<void> {
    while (!this.leaving) {
      const server = this.servers[this.next++ % this.servers.length];
      const client = server && (await entered(server, this.person));
      if (client) {
        arrived();
        this.client = client;
        client.onLameDuck = () => void (this.heedsLameDuck && client.end());
        await client.closed;
        if (!this.returns) {
          return;
        }
      }
      await sleep(RETRY_MS);
    }
  }
}

async function entered(server: NatsServer, person: Person): Promise<RawClient | undefined> {
  try {
    return await enter(server, person);
  } catch {
    return undefined; // It is down, full, or about to shut down.
  }
}

/** Connects as this person and is let in. */
export async function enter(server: Pick<NatsServer, 'address'>, person: Person): Promise<RawClient> {
  const client = await call(server, person);
  await client.connect(identityOf(person));
  return client;
}

/** Opens a connection from this person's address; nothing is said yet. */
export const call = ({ address }: Pick<NatsServer, 'address'>, { ip }: Pick<Person, 'ip'>): Promise<RawClient> =>
  RawClient.open({ ...address, ...(ip === '127.0.0.1' ? {} : { localAddress: ip }) });

/** What this person says in CONNECT. */
export const identityOf = ({ user, pass, name, lang, version }: Person) => ({ user, pass, name, lang, version });
