import { type Query } from './model.gen';
import { type Problem } from './validity';
import { t, translated } from '../texts';

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === 'string';
const isInteger: Test = (value) => Number.isInteger(value);
const isObject: Test = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar: Test = (value) => ['string', 'number', 'boolean'].includes(typeof value);

/** What a field can have to be, in words. */
export const KIND_WORDS = {
  number: { words: 'a whole number' },
  text: { words: 'a text' },
  keys: { words: 'a list of keys' },
  filters: { words: 'a list of filters' },
  sort: { words: 'an object with a column' },
  yesOrNo: { words: 'true or false' },
};

/** What each field must be, and the test of it; null and absent mean the default. */
const FIELDS: Record<keyof Query, [keyof typeof KIND_WORDS, Test]> = {
  version: ['number', isInteger],
  queryType: ['text', isText],
  view: ['text', isText],
  metric: ['text', isText],
  groupBy: ['keys', (value) => Array.isArray(value) && value.every(isText)],
  filters: ['filters', (value) => Array.isArray(value) && value.every(isFilter)],
  sort: ['sort', (value) => isObject(value) && isText((value as Partial<Query['sort']>)?.by)],
  limit: ['number', isInteger],
  interval: ['text', isText],
  change: ['yesOrNo', (value) => typeof value === 'boolean'],
  coverageShown: ['yesOrNo', (value) => typeof value === 'boolean'],
  live: ['yesOrNo', (value) => typeof value === 'boolean'],
  timezone: ['text', isText],
  key: ['text', isText],
};

function isFilter(value: unknown): boolean {
  const { key = '', operator = '', values = [] } = (value ?? {}) as Record<string, unknown>;
  return isObject(value) && isText(key) && isText(operator) && Array.isArray(values) && values.every(isScalar);
}

/** The first field of a stored query that is not even of the right type, so that no form could show it. */
export function typeProblemOf(query: object): Problem | undefined {
  for (const [field, [kind, test]] of Object.entries(FIELDS)) {
    const value: unknown = (query as Record<string, unknown>)[field];
    if (value !== undefined && value !== null && !test(value)) {
      const { words } = translated(`kind.${kind}`, KIND_WORDS[kind]);
      return { field, sentence: t('types.mustBe', '{{field}} must be {{kind}}.', { field, kind: words }) };
    }
  }
  return undefined;
}
