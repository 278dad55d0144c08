/** Real NATS servers, of the release under test, for the tests of one file. */
import { type DataSource } from '../../lab/host';
import { type Config, NatsServer } from '../../lab/nats-server';
import { freePorts } from '../../lab/ports';
import { has } from '../../lab/release';
import { dataSource } from './plugin';

export const RELEASE = process.env.NATS_SERVER_VERSION ?? '';

/** How many records a server keeps if it is not told otherwise. */
export const FULL_RING = 10_000;

/** Makes a server keep that many records, if this release can be told; says how many it keeps. */
export const ringOf = (size: number): { ring: number; config: Config } =>
  has(RELEASE, '2.10.26', '2.11.0')
    ? { ring: size, config: { max_closed_clients: size } }
    : { ring: FULL_RING, config: {} };

export interface Servers {
  start(config?: Config): Promise<NatsServer>;
  /** Starts servers of these names as one cluster; each can be started again where it was. */
  cluster(names: string[], config?: Config | ((name: string) => Config)): Promise<NatsServer[]>;
}

/** Servers that run until the end of the test that started them. */
export function useServers(): Servers {
  const running: NatsServer[] = [];
  afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())));
  const start = async (config: Config = { server_name: 'n1' }): Promise<NatsServer> => {
    const server = await NatsServer.start(process.env.NATS_SERVER_BINARY ?? '', config);
    running.push(server);
    return server;
  };
  const cluster: Servers['cluster'] = async (names, config = {}) => {
    const ports = await freePorts(names.length * 3);
    const routes = names.map((_, i) => `nats://127.0.0.1:${ports[i]}`);
    const servers = await Promise.all(
      names.map((name, i) =>
        start({
          server_name: name,
          cluster: { name: 'lab', no_advertise: true, listen: `127.0.0.1:${ports[i]}`, routes },
          port: ports[names.length + i],
          http: `127.0.0.1:${ports[2 * names.length + i]}`,
          ...(typeof config === 'function' ? config(name) : config),
        })
      )
    );
    await Promise.all(servers.map((server) => server.awaitPeers(names.length - 1)));
    return servers;
  };
  return { start, cluster };
}

/** Two accounts besides the system's; whoever says nothing is of the account APP. */
export const ACCOUNTS: Config = {
  system_account: 'SYS',
  no_auth_user: 'app',
  accounts: {
    SYS: { users: [{ user: 'grafana', password: 's3cret' }] },
    APP: { users: [{ user: 'app', password: 's3cret' }] },
  },
};

/** A data source that reads these servers' monitoring. */
export const overHTTP = (servers: NatsServer[], jsonData: object = {}): DataSource =>
  dataSource({ urls: servers.map(({ monitor }) => monitor), ...jsonData });

/** A data source that logs in to one of the servers. */
export const overNATS = (servers: NatsServer[], nats: object = {}, jsonData: object = {}): DataSource =>
  dataSource(
    { nats: { servers: servers.map(({ url }) => url), auth: 'user', user: 'grafana', ...nats }, ...jsonData },
    { secureJsonData: { natsPassword: 's3cret' } }
  );
