/** Where panels stand: what their dashboard narrows queries to, and whether there are other dashboards to lead to. */
import { type Filter } from '../src/query/model.gen';
import { CHOSEN, chosen } from './ask';

/** The dashboards, by what their files are called; provisioned ones are found by their uids. */
export const UID = {
  stops: 'nats-connections',
  app: 'nats-app',
  account: 'nats-account',
  servers: 'nats-servers',
} as const;

export type Name = keyof typeof UID;

export interface Place {
  /** What the dashboard's variables narrow stops and connections to. */
  filters: Filter[];
  /** What they narrow servers to. */
  servers: Filter[];
  /** Whether the others stand beside it under uids that are known; those that come with the plugin have none. */
  links: boolean;
}

export const placeOf = (links: boolean, ...more: Filter[]): Place => ({
  filters: [...CHOSEN, ...more],
  servers: [chosen('server')],
  links,
});

/** The address of another dashboard, with this one's time, data source and filters. */
export function leadTo(name: Name, ...variables: string[]): string {
  const kept = ['${__url_time_range}', ...['datasource', 'server', 'filters'].map((one) => `\${${one}:queryparam}`)];
  return `/d/${UID[name]}?${[...kept, ...variables].join('&')}`;
}

/** A variable of another dashboard that gets what a row has. */
export const ofRow = (key: string): string => `var-${key}=\${__data.fields["${key}"]:percentencode}`;

export const KEEP_ACCOUNT = '${account:queryparam}';
