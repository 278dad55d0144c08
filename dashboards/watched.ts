/** One data source whose stops are watched: what its alert rules and dashboards are called. */
import { createHash } from 'node:crypto';

import { PROVISIONED_UID } from './ask';

export interface Watched {
  /** Its uid in Grafana. */
  datasource: string;
  /** What people call it; none for the only one. */
  name?: string;
  orgId: number;
  folder: string;
  /** Whether it sees all accounts, or that of its login alone. */
  scope: Scope;
}

export const SCOPES = ['all', 'account'] as const;
export type Scope = (typeof SCOPES)[number];

/** The one that provisioning/ has; its dashboards ask whichever data source their variable says. */
export const PROVISIONED: Watched = { datasource: PROVISIONED_UID, orgId: 1, folder: 'NATS', scope: 'all' };

/** Grafana refuses uids that are longer. */
const LONGEST_UID = 40;
/** What of them is left beside the longest of ours. */
const ROOM = 18;

/** What tells the uids of one data source from those of another. */
function suffixOf({ name, datasource }: Watched): string {
  if (name === undefined) {
    return '';
  }
  const fits = datasource.length <= ROOM && /^[\w-]+$/.test(datasource);
  return `-${fits ? datasource : createHash('sha256').update(datasource).digest('hex').slice(0, 12)}`;
}

/** A uid of this data source alone. */
export function uidOf(watched: Watched, uid: string): string {
  const own = uid + suffixOf(watched);
  if (own.length > LONGEST_UID) {
    throw new Error(`${own} is longer than the ${LONGEST_UID} characters that Grafana takes`);
  }
  return own;
}

/** A title that says whose it is. */
export const titleOf = ({ name }: Pick<Watched, 'name'>, title: string): string =>
  name === undefined ? title : `${title} (${name})`;
