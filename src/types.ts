import { type DataSourceJsonData } from '@grafana/data';
import { type DataQuery } from '@grafana/schema';
import { type Query } from './query/model.gen';
import { type NatsConnection, type NatsSecret, type Settings } from './settings/settings.gen';

/** A query as dashboards, alert rules and Explore store it. */
export type NatsQuery = DataQuery & Query;

export { type NatsConnection, type NatsSecret };

/** How to log in to NATS. */
export type NatsAuth = NonNullable<NatsConnection['auth']>;

/** What a data source was configured with; Grafana's own keys stand beside it. */
export type NatsOptions = DataSourceJsonData & Settings;

/** Secrets, write-only: those over NATS, and Grafana's own over HTTP. */
export type NatsSecrets = Record<string, string>;
