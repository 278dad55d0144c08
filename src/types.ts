import { type DataSourceJsonData } from '@grafana/data';
import { type DataQuery } from '@grafana/schema';
import { type Query } from './query/model.gen';
import { type Class } from './query/reasons.gen';

/** A query as dashboards, alert rules and Explore store it. */
export type NatsQuery = DataQuery & Query;

/** What a data source was configured with; Grafana's own HTTP keys stand beside it. */
export interface NatsOptions extends DataSourceJsonData {
  version?: number;
  /** Base URLs of the servers' monitoring endpoints. */
  urls?: string[];
  /** RE2 patterns cut from a client's name to get its app; absent means the defaults. */
  appPatterns?: string[];
  classOverrides?: Record<string, Class>;
  serverName?: string;
  tlsAuth?: boolean;
  tlsAuthWithCACert?: boolean;
  timeout?: number;
}

/** Secrets, write-only; the names are Grafana's own. */
export type NatsSecrets = Record<string, string>;
