/** The lab's NATS system: three servers, each with the limits that some behaviours need. */
import { type Config } from './nats-server';

export const CLUSTER = 'lab';
export const SERVER_NAMES = ['n1', 'n2', 'n3'] as const;
export type ServerName = (typeof SERVER_NAMES)[number];

/** Who may connect; passwords are no secret, since the lab holds nothing. */
export interface User {
  account: string;
  user: string;
  password: string;
}

export const USERS = {
  orders: { account: 'orders', user: 'orders', password: 'orders-pw' },
  billing: { account: 'billing', user: 'billing', password: 'billing-pw' },
  analytics: { account: 'analytics', user: 'analytics', password: 'analytics-pw' },
  partners: { account: 'partners', user: 'partners', password: 'partners-pw' },
  sys: { account: 'SYS', user: 'sys', password: 'sys-pw' },
} as const satisfies Record<string, User>;
export type AccountUser = Exclude<keyof typeof USERS, 'sys'>;

/** How many connections the account `partners` and the server n3 may have. */
export const PARTNERS_MAX_CONNECTIONS = 3;
export const N3_MAX_CONNECTIONS = 24;
export const MAX_PAYLOAD = 256 * 1024;

const MB = 1024 * 1024;

export interface ServerPorts {
  nats: number;
  monitor: number;
  cluster: number;
  mqtt: number;
}

export interface ServerPlan {
  name: ServerName;
  /** What the server listens on. */
  host: string;
  ports: ServerPorts;
  /** Addresses of all cluster listeners, as this server reaches them. */
  routes: string[];
  /** Folder that holds cert.pem, key.pem and the server's store, as this server sees it. */
  dir: string;
}

/** What only this server has: a limit here would spoil behaviours elsewhere. */
const OWN_LIMITS: Record<ServerName, (plan: ServerPlan) => Config> = {
  n1: ({ host, ports }) => ({
    // Small enough that a stalled reader is cut by what is pending, not by time.
    max_pending: MB,
    write_deadline: '10s',
    mqtt: { host, port: ports.mqtt, stream_replicas: 1 },
  }),
  n2: ({ dir }) => ({
    // Large enough that a stalled reader is cut by time, not by what is pending.
    max_pending: 256 * MB,
    write_deadline: '500ms',
    allow_non_tls: true,
    tls: { cert_file: `${dir}/cert.pem`, key_file: `${dir}/key.pem`, timeout: 2 },
  }),
  n3: () => ({ max_connections: N3_MAX_CONNECTIONS }),
};

/** The configuration of one server. */
export const serverConfig = (plan: ServerPlan): Config => ({
  server_name: plan.name,
  host: plan.host,
  port: plan.ports.nats,
  http: `${plan.host}:${plan.ports.monitor}`,
  cluster: {
    name: CLUSTER,
    listen: `${plan.host}:${plan.ports.cluster}`,
    pool_size: 1,
    routes: plan.routes.map((route) => `nats://${route}`),
  },
  jetstream: { store_dir: `${plan.dir}/${plan.name}-store`, max_mem: 64 * MB, max_file: 256 * MB },
  authorization: { timeout: 1 },
  // A silent peer is given up after three seconds.
  ping_interval: '1s',
  ping_max: 2,
  max_payload: MAX_PAYLOAD,
  ...LAME_DUCK,
  ...OWN_LIMITS[plan.name](plan),
  ...accounts({ orders: { jetstream: 'enabled' } }),
});

/** The shortest lame duck that servers accept. */
export const LAME_DUCK: Config = { lame_duck_duration: '30s', lame_duck_grace_period: '1s' };

/** The accounts of all users; `more` replaces or adds what some of them have. */
export function accounts(more: Partial<Record<AccountUser, Config>> = {}): Config {
  const limits = { max_connections: PARTNERS_MAX_CONNECTIONS };
  const has: Record<string, Config> = { partners: { limits }, ...more };
  const all = Object.values(USERS).map(({ account, user, password }) => [
    account,
    { users: [{ user, password }], ...has[account] },
  ]);
  return { system_account: USERS.sys.account, accounts: Object.fromEntries(all) };
}
