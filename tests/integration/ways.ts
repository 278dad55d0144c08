/** The ways to read one cluster, each of which must tell the truth. */
import { type DataSource, type Host } from '../../lab/host';
import { type NatsServer } from '../../lab/nats-server';
import { eventually } from '../harness/eventually';
import { dataSource } from '../harness/plugin';
import { type Claims, check, claimsOf, omissions } from './claims';
import { type Truth } from './truth';

export type Ways = Record<'HTTP' | 'NATS' | 'both', DataSource>;

/** Data sources for one cluster; `through` gives another address for each, if something lies in between. */
export async function waysTo(
  servers: NatsServer[],
  through: (url: string) => Promise<string> = (url) => Promise.resolve(url)
): Promise<Ways> {
  const urls = await Promise.all(servers.map(({ monitor }) => through(monitor)));
  const addresses = await Promise.all(servers.map(({ url }) => through(url)));
  const nats = { servers: addresses, auth: 'user', user: 'grafana' };
  const login = { secureJsonData: { natsPassword: 's3cret' } };
  return {
    HTTP: dataSource({ urls }),
    NATS: dataSource({ nats }, login),
    both: dataSource({ urls, nats }, login),
  };
}

/** Waits until each way tells the truth, and of its omissions those wanted. */
export async function agree(
  host: Host,
  ways: Partial<Ways>,
  truth: Truth,
  want: string
): Promise<Record<string, Claims>> {
  const agreed: Record<string, Claims> = {};
  for (const [way, source] of Object.entries(ways)) {
    agreed[way] = await eventually(async () => {
      const claims = await claimsOf(host, source);
      check(truth, claims);
      expect({ way, omits: omissions(claims) }).toEqual({ way, omits: want });
      return claims;
    });
  }
  return agreed;
}
