import { type Query } from './model.gen';
import { type Problem } from './validity';

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === 'string';
const isInteger: Test = (value) => Number.isInteger(value);
const isObject: Test = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar: Test = (value) => ['string', 'number', 'boolean'].includes(typeof value);

/** What each field must be, in words and as a test; null and absent mean the default. */
const FIELDS: Record<keyof Query, [string, Test]> = {
  version: ['a whole number', isInteger],
  queryType: ['a text', isText],
  view: ['a text', isText],
  metric: ['a text', isText],
  groupBy: ['a list of keys', (value) => Array.isArray(value) && value.every(isText)],
  filters: ['a list of filters', (value) => Array.isArray(value) && value.every(isFilter)],
  sort: ['an object with a column', (value) => isObject(value) && isText((value as Partial<Query['sort']>)?.by)],
  limit: ['a whole number', isInteger],
  interval: ['a text', isText],
  change: ['true or false', (value) => typeof value === 'boolean'],
  timezone: ['a text', isText],
  key: ['a text', isText],
};

function isFilter(value: unknown): boolean {
  const { key = '', operator = '', values = [] } = (value ?? {}) as Record<string, unknown>;
  return isObject(value) && isText(key) && isText(operator) && Array.isArray(values) && values.every(isScalar);
}

/** The first field of a stored query that is not even of the right type, so that no form could show it. */
export function typeProblemOf(query: object): Problem | undefined {
  for (const [field, [words, test]] of Object.entries(FIELDS)) {
    const value: unknown = (query as Record<string, unknown>)[field];
    if (value !== undefined && value !== null && !test(value)) {
      return { field, sentence: `${field} must be ${words}.` };
    }
  }
  return undefined;
}
