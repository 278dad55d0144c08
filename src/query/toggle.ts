import { literalFilter } from './interpolateFilter';
import { type Filter, type Key, type Operator, type Query, KEYS } from './model.gen';

/** Filters for a value or against it, the same again takes it back, the opposite replaces it. */
export function toggleFilter<Q extends Query>(query: Q, wanted: '=' | '!=', key: string, value: string): Q {
  if (!KEYS.includes(key as Key)) {
    return query;
  }
  const filters = query.filters ?? [];
  const rest = filters.filter((filter) => !isAbout(filter, '=', key, value) && !isAbout(filter, '!=', key, value));
  return filters.some((filter) => isAbout(filter, wanted, key, value))
    ? { ...query, filters: rest }
    : { ...query, filters: [...rest, exactly(wanted, key, value)] };
}

/** Whether the query already keeps only this value. */
export function hasFilter(query: Partial<Query>, key: string, value: string): boolean {
  return query.filters?.some((filter) => isAbout(filter, '=', key, value)) ?? false;
}

function isAbout(filter: Filter, operator: Operator, key: string, value: string): boolean {
  const wanted = exactly(operator, key, value);
  return (
    filter.key === key &&
    filter.operator === wanted.operator &&
    filter.values[0] === wanted.values[0] &&
    filter.values.length === 1
  );
}

function exactly(operator: Operator, key: string, value: string): Filter {
  return literalFilter({ key: key as Key, operator, values: [value] });
}
