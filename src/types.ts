import { type DataSourceJsonData } from '@grafana/data';
import { type DataQuery } from '@grafana/schema';
import { type Query } from './query/model.gen';
import { type Class } from './query/reasons.gen';

/** A query as dashboards, alert rules and Explore store it. */
export type NatsQuery = DataQuery & Query;

/** How to log in to NATS. */
export type NatsAuth = 'credentials' | 'nkey' | 'user' | 'token' | 'none';

/** The connection over NATS; its secrets are {@link NatsSecret}s. */
export interface NatsConnection {
  /** URLs for clients; present while the servers are reached over NATS. */
  servers?: string[];
  /** Whose connections the login is for: all, or those of its own account. */
  scope?: 'system' | 'account';
  auth?: NatsAuth;
  user?: string;
  tlsServerName?: string;
  tlsSkipVerify?: boolean;
  tlsHandshakeFirst?: boolean;
}

/** What a data source was configured with; Grafana's own HTTP keys stand beside it. */
export interface NatsOptions extends DataSourceJsonData {
  version?: number;
  /** Base URLs of the servers' monitoring endpoints. */
  urls?: string[];
  /** Each URL's host name means every address it resolves to. */
  resolveAll?: boolean;
  nats?: NatsConnection;
  /** How long one read of the servers serves everybody, such as 1s. */
  syncEvery?: string;
  /** How often the servers are read while nobody asks, such as 30s; absent: never. */
  backgroundSync?: string;
  /** RE2 patterns cut from a client's name to get its app; absent means the defaults. */
  appPatterns?: string[];
  classOverrides?: Record<string, Class>;
  serverName?: string;
  tlsAuth?: boolean;
  tlsAuthWithCACert?: boolean;
  timeout?: number;
}

/** The secrets of the connection over NATS. */
export type NatsSecret =
  | 'natsCredentials'
  | 'natsSeed'
  | 'natsPassword'
  | 'natsToken'
  | 'natsTlsCaCert'
  | 'natsTlsClientCert'
  | 'natsTlsClientKey';

/** Secrets, write-only: those over NATS, and Grafana's own over HTTP. */
export type NatsSecrets = Record<string, string>;
