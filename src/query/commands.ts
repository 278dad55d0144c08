import { complete, hasRows } from './defaults';
import { type Filter, type Key, type Query } from './model.gen';
import { anyOf, escapePattern } from './pattern';
import { REASONS } from './reasons.gen';

/** Where a key stands in a server's own record: for jq, and for the expressions of the nats command. */
const PLACES: Partial<Record<Key, [jq: string, nats: string]>> = {
  reason: ['.reason', 'conn.reason'],
  account: ['(.account // "$G")', 'conn.account'],
  user: ['(.authorized_user // "")', 'conn.authorized_user'],
  name: ['(.name // "")', 'conn.name'],
  app: ['(.name // "")', 'conn.name'],
  kind: ['.kind', 'conn.kind'],
  type: ['(.type // "")', 'conn.type'],
  lang: ['(.lang // "")', 'conn.lang'],
  version: ['(.version // "")', 'conn.version'],
  ip: ['.ip', 'conn.ip'],
};

/** The nats command asks all servers, so it knows their names. */
const SERVER_PLACES: Partial<Record<Key, string>> = { server: 'server.name', cluster: 'server.cluster' };

/** What sorts reasons is not in the record: the reasons are. */
const OF_REASONS = { class: 'class', category: 'category', severity: 'severity' } as const;

/** The same question to one server's monitoring port. */
export function curlCommand(stored: Query, url = 'http://localhost:8222'): string {
  const query = complete(stored);
  if (query.queryType === 'servers') {
    return `curl -s ${shell(`${url}/varz`)} | jq '{server_name, version, uptime, connections, total_connections}'`;
  }
  const state = query.queryType === 'connections' ? 'open' : 'closed';
  const where = toldApart(query).flatMap((filter) => jqCondition(filter));
  const keys = (query.groupBy ?? []).flatMap((key) => PLACES[key]?.[0] ?? []);
  const select = where.length > 0 ? ` | map(select(${where.join(' and ')}))` : '';
  const shape =
    hasGroups(query) && keys.length > 0
      ? ` | group_by(${keys.join(', ')}) | map({group: (.[0] | [${keys.join(', ')}]), count: length})`
      : '';
  return `curl -s ${shell(`${url}/connz?state=${state}&auth=true&limit=100000`)} | jq ${shell(`.connections${select}${shape}`)}`;
}

/** The same question to all servers, with a login of the system account. */
export function natsCommand(stored: Query): string {
  const query = complete(stored);
  if (query.queryType === 'servers') {
    return 'nats server list';
  }
  if (query.queryType === 'findings') {
    return 'nats server report connections --state closed';
  }
  const where = toldApart(query).flatMap(natsCondition);
  const state = query.queryType === 'connections' ? 'open' : 'closed';
  const filter = where.length > 0 ? ` --filter ${shell(where.join(' and '))}` : '';
  return `nats server report connections --state ${state}${filter}`;
}

function hasGroups({ view }: Query): boolean {
  return !hasRows(view);
}

/** The filters in terms of what a record holds. */
function toldApart({ filters = [] }: Query): Filter[] {
  return filters.map((filter) => {
    const sorts = OF_REASONS[filter.key as keyof typeof OF_REASONS];
    if (!sorts || filter.operator.includes('~')) {
      return filter;
    }
    const values = REASONS.filter((reason) => filter.values.includes(reason[sorts])).map(({ text }) => text);
    return { key: 'reason', operator: filter.operator.startsWith('!') ? '!=|' : '=|', values };
  });
}

function jqCondition({ key, operator, values }: Filter): string[] {
  const place = PLACES[key]?.[0];
  if (!place) {
    return [];
  }
  const condition = isPattern(key, operator)
    ? `(${place} | test(${JSON.stringify(patternOf(key, operator, values))}))`
    : `(${place} | IN(${values.map((value) => JSON.stringify(value)).join(', ')}))`;
  return [operator.startsWith('!') ? `(${condition} | not)` : condition];
}

function natsCondition({ key, operator, values }: Filter): string[] {
  const place = SERVER_PLACES[key] ?? PLACES[key]?.[1];
  if (!place) {
    return [];
  }
  const condition = isPattern(key, operator)
    ? `${place} matches ${JSON.stringify(patternOf(key, operator, values))}`
    : `${place} in ${JSON.stringify(values)}`;
  return [operator.startsWith('!') ? `not (${condition})` : condition];
}

/** An app is what its clients' names begin with. */
function isPattern(key: Key, operator: string): boolean {
  return operator.includes('~') || key === 'app';
}

function patternOf(key: Key, operator: string, values: string[]): string {
  const pattern = anyOf(operator.includes('~') ? values : values.map(escapePattern));
  return key === 'app' ? `^${pattern}` : `^(?:${pattern})$`;
}

function shell(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
