import { complete, defaultLimit, effectiveSort, hasRows, isFindingList } from './defaults';
import { isAuto } from './interval';
import { type Filter, type Query, type Sort } from './model.gen';
import { typeProblemOf } from './types';
import { columnLabel, METRIC_WORDS, OPERATOR_WORDS } from './words';

/** One line that says in plain English what the query asks. */
export function summarize(stored: Partial<Query>): string {
  const wrong = typeProblemOf(stored);
  if (wrong) {
    return `A query that cannot be read: ${wrong.sentence}`;
  }
  const query = complete(stored);
  if (query.queryType === 'values') {
    return `Known values of ${query.key ?? 'a key'}${filtersOf(query)}`;
  }
  const change = query.change ? ', as the difference to the time before' : '';
  return `${subjectOf(query)}${groupingOf(query)}${filtersOf(query)}${orderOf(query)}${change}`;
}

function subjectOf(query: Query): string {
  const { queryType, view, interval } = query;
  if (view === 'events') {
    return 'What happened to servers';
  }
  if (queryType === 'findings' && (view === 'table' || view === 'logs')) {
    return `Findings${view === 'logs' ? ' as log lines' : ', one row each'}`;
  }
  if (hasRows(view)) {
    return `${queryType === 'stops' ? 'Closed' : 'Open'} connections${view === 'logs' ? ' as log lines' : ', one row each'}`;
  }
  const subject = countOf(query);
  return view === 'timeseries' ? `${subject} per ${!interval || isAuto(interval) ? 'interval' : interval}` : subject;
}

function countOf({ queryType, view, metric }: Query): string {
  const label = metric ? METRIC_WORDS[metric]?.label : undefined;
  switch (queryType) {
    case 'stops':
      return view === 'table' || metric === 'stops' || !label
        ? 'Closed connections'
        : `${label}, of closed connections`;
    case 'connections':
      return view === 'table' || metric === 'connections' || !label
        ? 'Open connections'
        : `${label} of open connections`;
    case 'findings':
      return metric === 'active' || !label ? 'Findings that are not over' : `${label} of findings that are not over`;
    default:
      return view === 'table' || !label ? 'Servers, one row' : `${label} of servers`;
  }
}

function groupingOf({ queryType, view, groupBy }: Query): string {
  if (hasRows(view) || isFindingList(queryType, view)) {
    return '';
  }
  const per = queryType === 'servers' && view === 'table' ? 'per' : 'by';
  return groupBy?.length ? ` ${per} ${listOf(groupBy, 'and')}` : ' in all';
}

function filtersOf({ filters }: Query): string {
  const told = filters?.filter(({ key, values }) => key && values?.length) ?? [];
  return told.length ? `, where ${told.map(conditionOf).join(' and ')}` : '';
}

function conditionOf({ key, operator, values }: Filter): string {
  return `${key} ${OPERATOR_WORDS[operator]?.verb ?? operator} ${listOf(values, 'or')}`;
}

function orderOf(query: Query): string {
  const { queryType, view, sort, limit, groupBy } = query;
  const most = (limit || defaultLimit(query)).toLocaleString('en');
  if (queryType === 'findings' && (view === 'table' || view === 'logs')) {
    return `, ${sort && view === 'table' ? directionOf(sort) : 'most severe first'}, at most ${most}`;
  }
  if (!hasRows(view)) {
    const order = view === 'table' && sort ? `, ${directionOf(sort)}` : '';
    return groupBy?.length ? `${order}, top ${most} groups` : '';
  }
  const rows = view === 'records' ? 'rows' : 'lines';
  return `, ${directionOf(effectiveSort(query) ?? { by: 'time', desc: true })}, at most ${most} ${rows}`;
}

function directionOf({ by, desc }: Sort): string {
  return isTime(by)
    ? `${desc ? 'newest' : 'oldest'}${by === 'time' ? '' : ` ${inSentence(by)}`} first`
    : `${desc ? 'largest' : 'smallest'} ${inSentence(by)} first`;
}

/** What people call a column, within a sentence. */
function inSentence(column: string): string {
  return columnLabel(column).toLowerCase();
}

/** Whether a column holds times, which are newer rather than larger. */
export function isTime(column: string): boolean {
  return column === 'time' || column === 'first_seen' || column === 'last_seen';
}

function listOf(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words[words.length - 1]}`;
}
