/** The data source's queries as panels, variables and alert rules hold them. */
import { type Builder, type Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { type DataSourceRef } from '@grafana/grafana-foundation-sdk/common';

import plugin from '../src/plugin.json';
import { type Filter, type Key, type Query, VERSION } from '../src/query/model.gen';

/** The dashboard asks whichever data source its variable says, so that it works wherever it is imported. */
export const DATASOURCE: DataSourceRef = { type: plugin.id, uid: '${datasource}' };

/** The provisioned data source's uid; alert rules know no variables. */
export const PROVISIONED_UID = 'nats-connections';

/** What that is called. */
export const PROVISIONED_NAME = 'NATS Connections';

/** Grafana's own arithmetic over answers. */
export const EXPRESSIONS: DataSourceRef = { type: '__expr__', uid: '__expr__' };

export const DOCS = 'https://github.com/natsops/nats-connections-datasource/blob/main/docs';

export const one = (key: Key, value: string): Filter => ({ key, operator: '=', values: [value] });

export const UNEXPECTED = one('class', 'unexpected');

/**
 * The dashboard's variables as a filter. “All” is the expression .* rather than a list of what was known when the
 * dashboard was opened: an account that appears later must not be left out.
 */
export const chosen = (key: 'account' | 'server'): Filter => ({ key, operator: '=~', values: [`$${key}`] });

export const CHOSEN: Filter[] = [chosen('account'), chosen('server')];

/** A question without what every question has. */
export type Question = Omit<Query, 'version'>;

/** A query for the SDK's builders. Each dashboard has a panel that tells how far it can be trusted; once is enough. */
export function ask(query: Question, datasource = DATASOURCE, refId = 'A'): Builder<Dataquery> {
  const shown = datasource === DATASOURCE && query.queryType === 'stops' ? { coverageShown: true } : {};
  const target = { refId, datasource, version: VERSION, ...query, ...shown };
  return { build: () => ({ ...target, _implementsDataqueryVariant: () => undefined }) };
}

/** Arithmetic over the answers of other queries of the panel. */
export function math(expression: string, refId: string): Builder<Dataquery> {
  const target = { refId, datasource: EXPRESSIONS, type: 'math', expression };
  return { build: () => ({ ...target, _implementsDataqueryVariant: () => undefined }) };
}
