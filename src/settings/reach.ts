import { type NatsConnection, type NatsOptions } from '../types';

/** How the servers are reached, which the settings themselves tell. */
export type Reach = 'system' | 'http' | 'both' | 'account';

export const usesNats = (reach: Reach): boolean => reach !== 'http';
export const usesHttp = (reach: Reach): boolean => reach === 'http' || reach === 'both';

/** A list that is there makes the choice, also while nobody wrote into it. */
export function reachOf({ urls, nats }: NatsOptions): Reach {
  if (nats?.scope === 'account') {
    return 'account';
  }
  if (nats?.servers) {
    return urls ? 'both' : 'system';
  }
  return 'http';
}

/** Lists that the present choice has no use for, kept for whoever changes back. */
export interface Aside {
  urls?: string[];
  servers?: string[];
}

/** The lists as they are now, or were when they were last used. */
export const setAside = ({ urls, nats }: NatsOptions, before: Aside): Aside => ({
  urls: urls ?? before.urls,
  servers: nats?.servers ?? before.servers,
});

/** What the choice means for the settings; members that it does not speak of stay. */
export function reachBy(reach: Reach, { nats }: NatsOptions, { urls = [], servers = [] }: Aside): NatsOptions {
  return {
    urls: usesHttp(reach) ? urls : undefined,
    nats: usesNats(reach)
      ? { ...nats, servers, auth: nats?.auth ?? (nats?.servers ? undefined : 'credentials'), scope: scopeOf(reach) }
      : unlessEmpty({ ...nats, servers: undefined, scope: undefined }),
  };
}

const scopeOf = (reach: Reach) => (reach === 'account' ? ('account' as const) : undefined);

const unlessEmpty = (nats: NatsConnection): NatsConnection | undefined =>
  Object.values(nats).some((value) => value !== undefined) ? nats : undefined;
