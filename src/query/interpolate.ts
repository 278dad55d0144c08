import { type AdHocVariableFilter, type ScopedVars } from '@grafana/data';
import { isAuto, secondsOf, SHORTEST_INTERVAL } from './interval';
import { interpolateFilter, literalFilter } from './interpolateFilter';
import { type Filter, type Key, type Operator, type Query, KEYS, SPECS } from './model.gen';
import { everyText, hasVariable, joinedText, piecesOf, type Replace } from './template';
import { isListOperator } from './validity';

/** What belongs to the model; everything else in a stored query is Grafana's and left alone. */
const STRINGS = ['queryType', 'view', 'metric', 'key'] as const;

/**
 * Replaces the variables of every string and every list in the query, and adds the dashboard's ad-hoc filters. What is
 * not of the model's kind is left as it is, for the backend to say so.
 */
export function interpolate<Q extends Partial<Query>>(
  query: Q,
  replace: Replace,
  scopedVars: ScopedVars,
  adHoc: AdHocVariableFilter[] = []
): Q {
  const pieces = (text: string) => piecesOf(text, replace, scopedVars);
  const one = (text: string) => joinedText(pieces(text));
  const replaced: Record<string, unknown> = { ...query };
  for (const field of STRINGS) {
    const text = query[field];
    if (typeof text === 'string') {
      replaced[field] = one(text);
    }
  }
  // Explore writes a key of its own into every query.
  if (query.queryType !== 'values') {
    delete replaced.key;
  }
  if (typeof query.interval === 'string') {
    replaced.interval = intervalOf(query.interval, one);
  }
  if (isTexts(query.groupBy)) {
    const keys = query.groupBy.flatMap((key) => everyText(pieces(key)));
    replaced.groupBy = query.groupBy.some(hasVariable) ? [...new Set(keys)] : keys;
  }
  if (typeof query.sort?.by === 'string') {
    replaced.sort = { ...query.sort, by: one(query.sort.by) };
  }
  const own = Array.isArray(query.filters) ? query.filters.flatMap((filter) => interpolateFilter(filter, pieces)) : [];
  const added = adHocToFilters(adHoc.filter(({ key }) => appliesTo(query, key)));
  if (Array.isArray(query.filters) || (!query.filters && added.length > 0)) {
    replaced.filters = [...own, ...added];
  }
  return replaced as Q;
}

/** Grafana's own interval is left to the backend; a variable's may be shorter than what can be asked for. */
function intervalOf(interval: string, one: (text: string) => string): string {
  if (isAuto(interval)) {
    return 'auto';
  }
  const replaced = one(interval);
  const seconds = secondsOf(replaced);
  return hasVariable(interval) && seconds !== undefined && seconds > 0 && seconds < 1 ? SHORTEST_INTERVAL : replaced;
}

function isTexts(list: unknown): list is string[] {
  return Array.isArray(list) && list.every((one) => typeof one === 'string');
}

/**
 * Whether a dashboard's ad-hoc filter is for this query: one for stops says nothing about servers. A key that no query
 * knows is sent, so that it is refused rather than ignored.
 */
export function appliesTo(query: Partial<Query>, key: string): boolean {
  const spec = SPECS[query.queryType ?? 'stops'];
  const knows = (keys: readonly string[]) => keys.includes(key);
  return !spec || knows(spec.keys) || !knows(KEYS);
}

/** Grafana's ad-hoc filters in the model's words. What the backend may refuse says whose it is, for its sentence. */
export function adHocToFilters(filters: AdHocVariableFilter[]): Filter[] {
  return filters.map(({ key, operator, value, values }) => {
    const filter = literalFilter({
      key: key as Key,
      operator: operator as Operator,
      values: isListOperator(operator) && values?.length ? values.map(String) : [String(value)],
    });
    const isPlain = KEYS.includes(filter.key) && ['=', '!=', '=|', '!=|'].includes(operator);
    return isPlain ? filter : { ...filter, adHoc: true };
  });
}
