/** The lab's NATS system: three servers, each with the limits that some behaviours need. */

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
const OWN_LIMITS: Record<ServerName, (plan: ServerPlan) => string[]> = {
  n1: (plan) => [
    // Small enough that a stalled reader is cut by what is pending, not by time.
    'max_pending: 1MB',
    'write_deadline: "10s"',
    `mqtt { host: "${plan.host}", port: ${plan.ports.mqtt}, stream_replicas: 1 }`,
  ],
  n2: (plan) => [
    // Large enough that a stalled reader is cut by time, not by what is pending.
    'max_pending: 256MB',
    'write_deadline: "500ms"',
    'allow_non_tls: true',
    `tls { cert_file: "${plan.dir}/cert.pem", key_file: "${plan.dir}/key.pem", timeout: 2 }`,
  ],
  n3: () => [`max_connections: ${N3_MAX_CONNECTIONS}`],
};

/** The configuration file of one server. */
export function serverConfig(plan: ServerPlan): string {
  const { host, ports } = plan;
  return `${[
    `server_name: ${plan.name}`,
    `listen: "${host}:${ports.nats}"`,
    `http: "${host}:${ports.monitor}"`,
    `cluster { name: ${CLUSTER}, listen: "${host}:${ports.cluster}", pool_size: 1, routes: [${plan.routes
      .map((route) => `"nats://${route}"`)
      .join(', ')}] }`,
    `jetstream { store_dir: "${plan.dir}/${plan.name}-store", max_mem: 64MB, max_file: 256MB }`,
    'authorization { timeout: 1 }',
    // A silent peer is given up after three seconds.
    'ping_interval: "1s"',
    'ping_max: 2',
    `max_payload: ${MAX_PAYLOAD}`,
    'lame_duck_duration: "30s"',
    'lame_duck_grace_period: "1s"',
    ...OWN_LIMITS[plan.name](plan),
    accountsConfig(),
  ].join('\n')}\n`;
}

function accountsConfig(): string {
  const account = (user: User, extra = '') =>
    `  ${user.account} { users: [{ user: ${user.user}, password: "${user.password}" }]${extra} }`;
  return [
    `system_account: ${USERS.sys.account}`,
    'accounts {',
    account(USERS.orders, ', jetstream: enabled'),
    account(USERS.billing),
    account(USERS.analytics),
    account(USERS.partners, `, limits { max_connections: ${PARTNERS_MAX_CONNECTIONS} }`),
    account(USERS.sys),
    '}',
  ].join('\n');
}
