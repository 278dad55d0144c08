/** The servers as behaviours see them: addresses, who is who, and the connections that all behaviours share. */
import { type NatsConnection, connect } from '@nats-io/transport-node';

import { APPS, type App, appNamed, instanceName } from './names';
import { type ConnectOptions, RawClient, addressOf } from './raw-client';
import { SERVER_NAMES, type ServerName, USERS, type User } from './topology';

export interface LabServer {
  name: ServerName;
  url: string;
  mqtt?: string;
  /** The process, when the server runs on this machine. */
  pid?: number;
}

/** A connection that stopped, as the server should tell it; the reason is its behaviour's. */
export interface Unexplained {
  server: string;
  server_id: string;
  cid: number;
  account?: string;
  user?: string;
  name?: string;
}

export interface Stop extends Unexplained {
  reason: string;
}

export type Identity = Required<Pick<ConnectOptions, 'user' | 'pass' | 'name' | 'lang' | 'version'>>;

/** Who a raw client says it is, taken from an app of the lab. */
export function identity(app: App, name = instanceName(app)): Identity {
  const { user, password } = USERS[app.account];
  return { user, pass: password, name, lang: app.lang, version: app.version };
}

/** Any app but the one whose account has hardly any connections. */
export function anyApp(): App {
  const apps = APPS.filter(({ account }) => account !== 'partners');
  const app = apps[Math.floor(Math.random() * apps.length)];
  if (!app) {
    throw new Error('the lab has no apps');
  }
  return app;
}

export class Lab {
  private readonly publishers = new Map<ServerName, Promise<NatsConnection>>();

  constructor(readonly servers: LabServer[]) {}

  /** Finds out which of these addresses is which server. */
  static async discover(urls: string[], pids: number[] = [], mqtt?: string): Promise<Lab> {
    const servers = await Promise.all(
      urls.map(async (url, i): Promise<LabServer> => {
        const probe = await RawClient.open(addressOf(url));
        const name = SERVER_NAMES.find((known) => known === probe.info.server_name);
        await probe.end();
        if (!name) {
          throw new Error(`${url} is no server of the lab: its name is none of ${SERVER_NAMES.join(', ')}`);
        }
        const pid = pids[i];
        return { name, url, ...(pid ? { pid } : {}), ...(mqtt && name === 'n1' ? { mqtt } : {}) };
      })
    );
    return new Lab(servers);
  }

  server(name: ServerName): LabServer {
    const server = this.servers.find((candidate) => candidate.name === name);
    if (!server) {
      throw new Error(`the address of ${name} was not given`);
    }
    return server;
  }

  /** A raw connection before CONNECT. */
  open({ url }: LabServer): Promise<RawClient> {
    return RawClient.open(addressOf(url));
  }

  /** A raw connection that the server accepted as an instance of this app. */
  async openAs(server: LabServer, app: App): Promise<{ client: RawClient; stop: Unexplained }> {
    const client = await this.open(server);
    const who = identity(app);
    await client.connect(who);
    return { client, stop: stopOf(client, app, who) };
  }

  /** A connection of the official client library, which reconnects to this server by itself. */
  connectAs({ url }: LabServer, { user, password }: User, name: string): Promise<NatsConnection> {
    return connect({
      servers: url,
      user,
      pass: password,
      name,
      // n2 offers TLS besides plain connections; its authority is the lab's own.
      tls: null,
      maxReconnectAttempts: -1,
      ignoreClusterUpdates: true,
    });
  }

  /** The well-behaved connection that publishes into the orders account there. */
  publisher(server: LabServer): Promise<NatsConnection> {
    const known = this.publishers.get(server.name);
    if (known) {
      return known;
    }
    const opened = this.connectAs(server, USERS.orders, instanceName(appNamed('checkout')));
    this.publishers.set(server.name, opened);
    return opened;
  }

  /** A request over the system account, such as `<server id>.KICK`; the first server's answer. */
  async system(server: LabServer, verb: string, body: object): Promise<unknown> {
    const connection = await this.connectAs(server, USERS.sys, 'nats-cli');
    try {
      const reply = await connection.request(`$SYS.REQ.SERVER.${verb}`, JSON.stringify(body), { timeout: 5_000 });
      return reply.json();
    } finally {
      await connection.close();
    }
  }

  async close(): Promise<void> {
    const open = await Promise.allSettled(this.publishers.values());
    await Promise.all(open.map((result) => (result.status === 'fulfilled' ? result.value.close() : undefined)));
  }
}

/** Where a connection is, as its server's records name it. */
export function where({ info }: Pick<RawClient, 'info'>): Pick<Stop, 'server' | 'server_id' | 'cid'> {
  return { server: info.server_name, server_id: info.server_id, cid: info.client_id };
}

/** The stop of a connection that said whose it is. */
export const stopOf = (client: Pick<RawClient, 'info'>, { account }: App, { user, name }: Identity): Unexplained => ({
  ...where(client),
  account,
  user,
  name,
});
