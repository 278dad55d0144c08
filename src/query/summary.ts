import { t } from '../texts';
import { complete, defaultLimit, effectiveSort, hasRows, isFindingList } from './defaults';
import { isAuto } from './interval';
import { type Filter, type Query, type QueryType, type Sort, METRIC_WORDS } from './model.gen';
import { typeProblemOf } from './types';
import { columnLabel, metricWords, OPERATOR_WORDS, operatorWords } from './words';

/** One line that says in plain words what the query asks. */
export function summarize(stored: Partial<Query>): string {
  const wrong = typeProblemOf(stored);
  if (wrong) {
    return t('asked.unreadable', 'A query that cannot be read: {{sentence}}', { sentence: wrong.sentence });
  }
  const query = complete(stored);
  if (query.queryType === 'values') {
    const key = query.key ?? t('asked.anyKey', 'a key');
    return parts(t('asked.values', 'Known values of {{key}}', { key }), filtersOf(query));
  }
  const change = query.change ? t('asked.change', 'as the difference to the time before') : '';
  return parts(
    [subjectOf(query), groupingOf(query)].filter(Boolean).join(' '),
    filtersOf(query),
    ...orderOf(query),
    change,
    query.live ? t('asked.live', 'as they happen') : ''
  );
}

/** What is said one after the other. */
function parts(...told: string[]): string {
  return told.filter(Boolean).join(', ');
}

function subjectOf(query: Query): string {
  const { queryType, view, interval } = query;
  if (view === 'events') {
    return t('asked.events', 'What happened to servers');
  }
  if (hasRows(view) || (queryType === 'findings' && view === 'table')) {
    return rowsOf(query);
  }
  const subject = countOf(query);
  if (view !== 'timeseries') {
    return subject;
  }
  return !interval || isAuto(interval)
    ? t('asked.perInterval', '{{subject}} per interval', { subject })
    : t('asked.perDuration', '{{subject}} per {{interval}}', { subject, interval });
}

function rowsOf({ queryType, view }: Query): string {
  const shape = view === 'logs' ? t('asked.asLines', 'as log lines') : t('asked.oneRowEach', 'one row each');
  const subject = NAMES[queryType]();
  return view === 'logs' ? `${subject} ${shape}` : parts(subject, shape);
}

/** What is asked about. */
const NAMES: Record<QueryType, () => string> = {
  stops: () => t('asked.stops', 'Closed connections'),
  connections: () => t('asked.connections', 'Open connections'),
  servers: () => t('asked.servers', 'Servers, one row'),
  findings: () => t('asked.findings', 'Findings'),
  values: () => t('asked.anyKey', 'a key'),
};

/** The number of a series or of totals. */
function countOf({ queryType, view, metric }: Query): string {
  const label = metric && metric in METRIC_WORDS ? metricWords(metric).label : undefined;
  switch (queryType) {
    case 'stops':
      return view === 'table' || metric === 'stops' || !label
        ? NAMES.stops()
        : t('asked.ofStops', '{{metric}}, of closed connections', { metric: label });
    case 'connections':
      return view === 'table' || metric === 'connections' || !label
        ? NAMES.connections()
        : t('asked.ofConnections', '{{metric}} of open connections', { metric: label });
    case 'findings':
      return metric === 'active' || !label
        ? t('asked.active', 'Findings that are not over')
        : t('asked.ofFindings', '{{metric}} of findings that are not over', { metric: label });
    default:
      return view === 'table' || !label
        ? NAMES.servers()
        : t('asked.ofServers', '{{metric}} of servers', { metric: label });
  }
}

function groupingOf({ queryType, view, groupBy }: Query): string {
  if (hasRows(view) || isFindingList(queryType, view)) {
    return '';
  }
  if (!groupBy?.length) {
    return t('asked.inAll', 'in all');
  }
  const keys = listOf(groupBy, t('asked.and', 'and'));
  return queryType === 'servers' && view === 'table'
    ? t('asked.perKeys', 'per {{keys}}', { keys })
    : t('asked.byKeys', 'by {{keys}}', { keys });
}

function filtersOf({ filters }: Query): string {
  const told = filters?.filter(({ key, values }) => key && values?.length) ?? [];
  const conditions = told.map(conditionOf).join(` ${t('asked.and', 'and')} `);
  return told.length ? t('asked.where', 'where {{conditions}}', { conditions }) : '';
}

function conditionOf({ key, operator, values }: Filter): string {
  const verb = operator in OPERATOR_WORDS ? operatorWords(operator).verb : operator;
  return `${key} ${verb} ${listOf(values, t('asked.or', 'or'))}`;
}

function orderOf(query: Query): string[] {
  const { queryType, view, sort, limit, groupBy } = query;
  const most = limit || defaultLimit(query);
  if (queryType === 'findings' && (view === 'table' || view === 'logs')) {
    const order = sort && view === 'table' ? directionOf(sort) : t('asked.severeFirst', 'most severe first');
    return [order, t('asked.atMost', 'at most {{most, number}}', { most })];
  }
  if (!hasRows(view)) {
    const order = view === 'table' && sort && groupBy?.length ? directionOf(sort) : '';
    return [order, groupBy?.length ? t('asked.topGroups', 'top {{most, number}} groups', { most }) : ''];
  }
  const rows =
    view === 'records'
      ? t('asked.atMostRows', 'at most {{most, number}} rows', { most })
      : t('asked.atMostLines', 'at most {{most, number}} lines', { most });
  return [directionOf(effectiveSort(query) ?? { by: 'time', desc: true }), rows];
}

function directionOf({ by, desc }: Sort): string {
  if (by === 'time') {
    return desc ? t('asked.newest', 'newest first') : t('asked.oldest', 'oldest first');
  }
  // Within a sentence, where languages differ in what is written small.
  const column = columnLabel(by);
  const small = column.toLowerCase();
  if (isTime(by)) {
    return desc
      ? t('asked.newestBy', 'newest {{small}} first', { column, small })
      : t('asked.oldestBy', 'oldest {{small}} first', { column, small });
  }
  return desc
    ? t('asked.largestBy', 'largest {{small}} first', { column, small })
    : t('asked.smallestBy', 'smallest {{small}} first', { column, small });
}

/** Whether a column holds times, which are newer rather than larger. */
export function isTime(column: string): boolean {
  return column === 'time' || column === 'first_seen' || column === 'last_seen';
}

function listOf(words: readonly string[], last: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words[words.length - 1]}`;
}
