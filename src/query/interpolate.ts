import { type AdHocVariableFilter, type ScopedVars } from '@grafana/data';
import { type TemplateSrv } from '@grafana/runtime';
import { type Filter, type Key, type Operator, type Query, SPECS } from './model.gen';
import { isListOperator } from './validity';

/** How variables are replaced; Grafana's template service, or a table in tests. */
export type Replace = TemplateSrv['replace'];

type Format = (value: unknown) => string;

/** What belongs to the model; everything else in a stored query is Grafana's and left alone. */
const STRINGS = ['queryType', 'view', 'metric', 'interval', 'key'] as const;

/** Replaces the variables of every string and every list in the query, and adds the dashboard's ad-hoc filters. */
export function interpolate<Q extends Partial<Query>>(
  query: Q,
  replace: Replace,
  scopedVars: ScopedVars,
  adHoc: AdHocVariableFilter[] = []
): Q {
  const one = (text: string) => replace(text, scopedVars, joined);
  const all = (text: string) => expand(text, replace, scopedVars);
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
  if (query.groupBy) {
    replaced.groupBy = [...new Set(query.groupBy.flatMap(all))];
  }
  if (query.sort) {
    replaced.sort = { ...query.sort, by: one(query.sort.by) };
  }
  const filters = (query.filters ?? []).map((filter) => interpolateFilter(filter, replace, scopedVars));
  const added = adHocToFilters(adHoc.filter(({ key }) => appliesTo(query, key)));
  if (query.filters || added.length > 0) {
    replaced.filters = [...filters, ...added];
  }
  return replaced as Q;
}

/** Whether a dashboard's ad-hoc filter means anything to this query; one for stops says nothing about servers. */
export function appliesTo(query: Partial<Query>, key: string): boolean {
  const spec = SPECS[query.queryType ?? 'stops'];
  return !spec || spec.keys.some((known) => known === key);
}

function interpolateFilter(filter: Filter, replace: Replace, scopedVars: ScopedVars): Filter {
  const key = replace(filter.key, scopedVars, joined) as Key;
  const operator = replace(filter.operator, scopedVars, joined) as Operator;
  if (operator === '=~' || operator === '!~') {
    return { key, operator, values: (filter.values ?? []).map((text) => replace(text, scopedVars, alternation)) };
  }
  const values = [...new Set((filter.values ?? []).flatMap((text) => expand(text, replace, scopedVars)))];
  return { key, operator: values.length > 1 ? severalOf(operator) : operator, values };
}

/** “is” with several values can only mean “is one of”. */
function severalOf(operator: Operator): Operator {
  return operator === '=' ? '=|' : operator === '!=' ? '!=|' : operator;
}

/** Grafana's ad-hoc filters in the model's words; what the model does not know is refused by the backend. */
export function adHocToFilters(filters: AdHocVariableFilter[]): Filter[] {
  return filters.map(({ key, operator, value, values }) => ({
    key: key as Key,
    operator: operator as Operator,
    values: isListOperator(operator) && values?.length ? values : [value],
  }));
}

/** Every text that the variables' values make of this one: prefix-$x with two values becomes two texts. */
function expand(text: string, replace: Replace, scopedVars: ScopedVars): string[] {
  const found: string[][] = [];
  const mark: Format = (value) => {
    found.push(listOf(value));
    return `\u0000${found.length - 1}\u0000`;
  };
  const parts = replace(text, scopedVars, mark).split('\u0000');
  return parts.reduce<string[]>(
    (texts, part, index) => {
      const choices = index % 2 === 1 ? found[Number(part)] : [part];
      return texts.flatMap((head) => choices.map((choice) => head + choice));
    },
    ['']
  );
}

// Several values where one is wanted stay visible, so that the backend's sentence can name them.
const joined: Format = (value) => listOf(value).join(',');

const alternation: Format = (value) => {
  const escaped = listOf(value).map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return escaped.length === 1 ? escaped[0] : `(${escaped.join('|')})`;
};

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}
