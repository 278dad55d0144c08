/** Real servers whose rings are full. */
import { buildServer } from '../binary';
import { visits } from '../clients';
import { type Config, NatsServer } from '../nats-server';
import { freePorts } from '../ports';

export const RING = 10_000;
export const SYSTEM = { user: 'sys', password: 'sys' };
/** Of the system account as well, and not told of stops. */
export const UNTOLD = { user: 'untold', password: 'sys' };

/** Starts one server and fills its ring. */
export async function fullServer(config: Config = { server_name: 'n1' }): Promise<NatsServer> {
  const server = await NatsServer.start(await buildServer(), config);
  await visits(server, RING);
  return server;
}

/** Starts three servers that know each other, and fills their rings. */
export async function fullCluster(): Promise<NatsServer[]> {
  const ports = await freePorts(3);
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`);
  const servers: NatsServer[] = [];
  for (const [i, port] of ports.entries()) {
    servers.push(
      await fullServer({
        server_name: `n${i + 1}`,
        system_account: 'SYS',
        no_auth_user: 'app',
        accounts: {
          SYS: { users: [SYSTEM, { ...UNTOLD, permissions: { subscribe: '_INBOX.>' } }] },
          APP: { users: [{ user: 'app', password: 'app' }] },
        },
        cluster: { name: 'bench', listen: `127.0.0.1:${port}`, routes },
      })
    );
  }
  return servers;
}

/** How often all servers' monitoring was asked, by their own count, beside for this. */
export async function requestsTo(servers: NatsServer[]): Promise<{ total: number; rings: number }> {
  const counts = await Promise.all(
    servers.map((server) => server.ask<{ http_req_stats: Record<string, number> }>('/varz'))
  );
  const of = (endpoint: string) => counts.reduce((sum, { http_req_stats }) => sum + (http_req_stats[endpoint] ?? 0), 0);
  return { total: of('/varz') + of('/connz') - servers.length, rings: of('/connz') };
}

export const stopAll = (servers: NatsServer[]): Promise<unknown> => Promise.all(servers.map((server) => server.stop()));
