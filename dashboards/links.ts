/** Where an alert leads: to a dashboard and to the records, with account, app, server and time. */
import plugin from '../src/plugin.json';
import { type Filter, type Key, type Query, VERSION } from '../src/query/model.gen';
import { type Name, UID } from './place';
import { FROM, TIMES, TO, jsonInAddress, labelFilter, labelInJson, labelParameter, listInJson } from './templates';
import { type Watched, uidOf } from './watched';

/** The dashboard about whom an alert is, and what it is narrowed to. */
export interface Leads {
  to: Name;
  /** Variables of the dashboard, from labels of the same name. */
  of: Key[];
  /** What its filters are set to, from labels. */
  filtered?: Key[];
  /** The question for Explore, with what each label says as filter, as far as there are such. */
  records: Pick<Query, 'queryType' | 'view'>;
  by: Key[];
}

const ALL = encodeURIComponent('$__all');

export function dashboardAddress(watched: Watched, { to, of, filtered = [] }: Leads): string {
  const datasource = watched.name === undefined ? `&var-datasource=${encodeURIComponent(watched.datasource)}` : '';
  const account = to === 'app' && !of.includes('account') ? `&var-account=${ALL}` : '';
  const variables = of.map((key) => labelParameter(key, `var-${key}=`));
  const start = `{{ externalURL }}d/${uidOf(watched, UID[to])}?orgId=${watched.orgId}&from=${FROM}&to=${TO}`;
  return [start, datasource, account, ...variables, ...filtered.map(labelFilter)].join('');
}

export function recordsAddress(watched: Watched, { records, by }: Leads): string {
  const filters = by.map((key): { label: Key; value: Filter } => ({
    label: key,
    value: { key, operator: '=', values: [labelInJson(key)] },
  }));
  const datasource = { type: plugin.id, uid: watched.datasource };
  const query = { refId: 'A', datasource, version: VERSION, ...records, filters: [] };
  const panes = jsonInAddress({ a: { datasource: watched.datasource, queries: [query], range: TIMES } });
  const whole = panes.replace(encodeURIComponent('[]'), () => listInJson(filters));
  return `{{ externalURL }}explore?schemaVersion=1&orgId=${watched.orgId}&panes=${whole}`;
}
