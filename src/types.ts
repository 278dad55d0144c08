import { type DataSourceJsonData } from '@grafana/data';
import { type DataQuery } from '@grafana/schema';
import { type Query } from './query/model.gen';
import {
  type ClientSecret,
  type HistoryStream,
  type Keep,
  type NatsConnection,
  type Settings,
} from './settings/settings.gen';

/** A query as dashboards, alert rules and Explore store it. */
export type NatsQuery = DataQuery & Query;

export { type ClientSecret, type HistoryStream, type Keep, type NatsConnection };

/** What connections to NATS have in common, whatever they are for. */
export type NatsClient = Omit<NatsConnection, 'scope'>;

/** How to log in to NATS. */
export type NatsAuth = NonNullable<NatsConnection['auth']>;

/** What a data source was configured with; Grafana's own keys stand beside it. */
export type NatsOptions = DataSourceJsonData & Settings;

/** Secrets, write-only: those of connections to NATS, and Grafana's own over HTTP. */
export type NatsSecrets = Record<string, string>;
