import { complete } from './defaults';
import { type Filter, type Query, MAX_LIMIT, OPERATORS, SPECS } from './model.gen';

/** Why a query cannot run: the field in the model's spelling and one sentence. */
export interface Problem {
  field: string;
  sentence: string;
}

/** The first thing that keeps the query from running, as the backend would find it. */
export function problemOf(stored: Partial<Query>): Problem | undefined {
  const query = complete(stored);
  if (!SPECS[query.queryType]) {
    return isTemplate(query.queryType)
      ? undefined
      : { field: 'queryType', sentence: `“${query.queryType}” is not a query type.` };
  }
  const checks = query.queryType === 'values' ? [checkKey, checkFilters] : CHECKS;
  for (const check of checks) {
    const problem = check(query);
    if (problem) {
      return problem;
    }
  }
  return undefined;
}

export function isValid(query: Partial<Query>): boolean {
  return problemOf(query) === undefined;
}

const CHECKS = [checkView, checkMetric, checkGroupBy, checkFilters, checkSort, checkLimit, checkInterval];

/** Variables are only known when the query runs; what holds one is judged by the backend. */
function isTemplate(text: string): boolean {
  return /\$\w|\$\{|\[\[/.test(text);
}

function allows(list: readonly string[], value: string): boolean {
  return isTemplate(value) || list.includes(value);
}

function checkKey({ key, queryType }: Query): Problem | undefined {
  return key && allows(SPECS[queryType].keys, key)
    ? undefined
    : { field: 'key', sentence: 'Choose the key whose values are listed.' };
}

function checkView({ view = 'table', queryType }: Query): Problem | undefined {
  return allows(SPECS[queryType].views, view)
    ? undefined
    : { field: 'view', sentence: `There is no ${view} view of ${queryType}; choose another.` };
}

function checkMetric({ metric, queryType }: Query): Problem | undefined {
  return !metric || allows(SPECS[queryType].metrics, metric)
    ? undefined
    : { field: 'metric', sentence: `${queryType} have no metric “${metric}”; choose another.` };
}

function checkGroupBy({ groupBy = [], queryType }: Query): Problem | undefined {
  for (const [index, key] of groupBy.entries()) {
    if (!allows(SPECS[queryType].keys, key)) {
      return { field: 'groupBy', sentence: `${queryType} cannot be grouped by “${key}”; remove it.` };
    }
    if (groupBy.indexOf(key) !== index) {
      return { field: 'groupBy', sentence: `“${key}” is there twice; remove one.` };
    }
  }
  return undefined;
}

function checkFilters({ filters = [], queryType }: Query): Problem | undefined {
  for (const [index, filter] of filters.entries()) {
    const sentence = filterSentence(filter, SPECS[queryType].keys, queryType);
    if (sentence) {
      return { field: `filters[${index}]`, sentence };
    }
  }
  return undefined;
}

function filterSentence({ key, operator, values }: Filter, keys: readonly string[], queryType: string) {
  if (!key) {
    return 'Choose what to filter by, or remove the filter.';
  }
  if (!allows(keys, key)) {
    return `${queryType} cannot be filtered by “${key}”; remove the filter.`;
  }
  if (!allows(OPERATORS, operator)) {
    return `“${operator}” is not an operator; choose another.`;
  }
  if (!values?.length) {
    return `Give ${key} a value, or remove the filter.`;
  }
  if (values.length > 1 && !isListOperator(operator)) {
    return `“${operator}” takes one value; use =| or !=| for several.`;
  }
  return undefined;
}

/** Whether the operator compares with a list of values. */
export function isListOperator(operator: string): boolean {
  return operator === '=|' || operator === '!=|';
}

function checkSort({ sort, view, queryType }: Query): Problem | undefined {
  const sorts = view && SPECS[queryType].sorts[view];
  return !sort || !sorts?.length || allows(sorts, sort.by)
    ? undefined
    : { field: 'sort', sentence: `${view} of ${queryType} cannot be sorted by “${sort.by}”; choose another column.` };
}

function checkLimit({ limit }: Query): Problem | undefined {
  // Zero and none at all mean the default, as in the backend.
  return limit === undefined || (Number.isInteger(limit) && limit >= 0 && limit <= MAX_LIMIT)
    ? undefined
    : { field: 'limit', sentence: `The limit is a whole number from 1 to ${MAX_LIMIT.toLocaleString('en')}.` };
}

// Grafana's backend durations: gtime.ParseDuration also knows d, w, M and y.
const DURATION = /^(\d+(\.\d+)?(ms|[smhdwMy]))+$/;

function checkInterval({ interval }: Query): Problem | undefined {
  return !interval || interval === 'auto' || isTemplate(interval) || DURATION.test(interval)
    ? undefined
    : { field: 'interval', sentence: 'The interval is auto, a duration such as 1m, or a variable.' };
}
