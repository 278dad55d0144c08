import { t } from '../texts';
import { complete } from './defaults';
import { isAuto, secondsOf } from './interval';
import {
  type Filter,
  type Query,
  type QueryType,
  type Spec,
  type View,
  MAX_LIMIT,
  OPERATORS,
  SPECS,
  VERSION,
} from './model.gen';
import { partOf } from './parts';
import { hasVariable } from './template';
import { typeProblemOf } from './types';

/** Why a query cannot run: the field in the model's spelling and one sentence. */
export interface Problem {
  field: string;
  sentence: string;
}

/** The first thing that keeps the query from running, as the backend would find it. */
export function problemOf(stored: Partial<Query>): Problem | undefined {
  const wrongType = typeProblemOf(stored);
  if (wrongType) {
    return wrongType;
  }
  const query = complete(stored);
  if (query.version > VERSION) {
    return {
      field: 'version',
      sentence: t(
        'validity.theQueryWasMadeBy',
        'The query was made by a newer version of the plugin; update the plugin.'
      ),
    };
  }
  const spec = SPECS[query.queryType];
  if (!spec) {
    return hasVariable(query.queryType)
      ? undefined
      : {
          field: 'queryType',
          sentence: t('validity.querytypeIsNotAQuery', '“{{queryType}}” is not a query type.', {
            queryType: query.queryType,
          }),
        };
  }
  const checks = query.queryType === 'values' ? [checkKey, checkFilters, checkLimit, checkInterval] : CHECKS;
  for (const check of checks) {
    const problem = check(query, spec);
    if (problem) {
      return problem;
    }
  }
  return undefined;
}

export function isValid(query: Partial<Query>): boolean {
  return problemOf(query) === undefined;
}

const CHECKS = [
  checkView,
  checkMetric,
  checkGroupBy,
  checkFilters,
  checkSort,
  checkLimit,
  checkInterval,
  checkChange,
  checkLive,
];

/** Variables are only known when the query runs; what holds one is judged by the backend. */
function allows(list: readonly string[], value: string): boolean {
  return hasVariable(value) || list.includes(value);
}

function checkKey({ key }: Query, { keys }: Spec): Problem | undefined {
  return key && allows(keys, key)
    ? undefined
    : { field: 'key', sentence: t('validity.chooseTheKeyWhoseValues', 'Choose the key whose values are listed.') };
}

function checkView({ view = 'table', queryType }: Query, { views }: Spec): Problem | undefined {
  return allows(views, view)
    ? undefined
    : {
        field: 'view',
        sentence: t('validity.thereIsNoViewView', 'There is no {{view}} view of {{queryType}}; choose another.', {
          view,
          queryType,
        }),
      };
}

function checkMetric({ metric, queryType, view }: Query): Problem | undefined {
  return !metric || allows(partOf(queryType, view).metrics, metric)
    ? undefined
    : {
        field: 'metric',
        sentence: t('validity.hasNoMetric', '{{view}} of {{queryType}} has no metric “{{metric}}”; choose another.', {
          view: view ?? '',
          queryType,
          metric,
        }),
      };
}

function checkGroupBy({ groupBy = [], queryType, view }: Query): Problem | undefined {
  const { keys } = partOf(queryType, view);
  for (const [index, key] of groupBy.entries()) {
    if (!allows(keys, key)) {
      return {
        field: 'groupBy',
        sentence: t(
          'validity.cannotBeGrouped',
          '{{view}} of {{queryType}} cannot be grouped by “{{key}}”; remove it.',
          { view: view ?? '', queryType, key }
        ),
      };
    }
    if (groupBy.indexOf(key) !== index) {
      return {
        field: 'groupBy',
        sentence: t('validity.keyIsThereTwiceRemove', '“{{key}}” is there twice; remove one.', { key }),
      };
    }
  }
  return undefined;
}

function checkFilters({ filters = [], queryType, view }: Query): Problem | undefined {
  for (const [index, filter] of filters.entries()) {
    const sentence = sentenceOf(filter, queryType, view);
    if (sentence) {
      return { field: `filters[${index}]`, sentence };
    }
  }
  return undefined;
}

function filterSentence(
  { key, operator, values }: Filter,
  keys: readonly string[],
  queryType: QueryType,
  view: View | undefined
) {
  if (!key) {
    return t('validity.chooseWhatToFilterBy', 'Choose what to filter by, or remove the filter.');
  }
  if (!allows(keys, key)) {
    return SPECS[queryType].keys.includes(key)
      ? t(
          'validity.viewCannotBeFiltered',
          '{{view}} of {{queryType}} cannot be filtered by “{{key}}”; remove the filter.',
          {
            view: view ?? '',
            queryType,
            key,
          }
        )
      : t('validity.cannotBeFiltered', '{{queryType}} cannot be filtered by “{{key}}”; remove the filter.', {
          queryType,
          key,
        });
  }
  if (!allows(OPERATORS, operator)) {
    return t('validity.operatorIsNotAnOperator', '“{{operator}}” is not an operator; choose another.', { operator });
  }
  if (!values?.length) {
    return t('validity.giveKeyAValueOr', 'Give {{key}} a value, or remove the filter.', { key });
  }
  if (values.length > 1 && !isListOperator(operator) && !values.some(hasVariable)) {
    return t('validity.operatorTakesOneValueUse', '“{{operator}}” takes one value; use =| or !=| for several.', {
      operator,
    });
  }
  return undefined;
}

/** Why a filter cannot be used, if so. */
export function sentenceOf(filter: Filter, queryType: QueryType, view?: View): string | undefined {
  return SPECS[queryType] && filterSentence(filter, partOf(queryType, view).keys, queryType, view);
}

/** Whether a filter says enough to be part of a query. */
export function isComplete({ key, values }: Filter): boolean {
  return Boolean(key) && values.length > 0;
}

/** Whether the operator compares with a list of values. */
export function isListOperator(operator: string): boolean {
  return operator === '=|' || operator === '!=|';
}

function checkSort({ sort, view, queryType }: Query, { sorts }: Spec): Problem | undefined {
  const columns = view && sorts[view];
  return !sort || !columns?.length || allows(columns, sort.by)
    ? undefined
    : {
        field: 'sort',
        sentence: t(
          'validity.viewOfQuerytypeCannotBe',
          '{{view}} of {{queryType}} cannot be sorted by “{{by}}”; choose another column.',
          { view: view ?? '', queryType, by: sort.by }
        ),
      };
}

function checkLimit({ limit }: Query): Problem | undefined {
  // Zero and none at all mean the default, as in the backend.
  return !limit || (limit > 0 && limit <= MAX_LIMIT)
    ? undefined
    : {
        field: 'limit',
        sentence: t('validity.theLimitIsAWhole', 'The limit is a whole number from 1 to {{most, number}}.', {
          most: MAX_LIMIT,
        }),
      };
}

function checkInterval({ interval = '' }: Query): Problem | undefined {
  return isAuto(interval) || hasVariable(interval) || (secondsOf(interval) ?? 0) >= 1
    ? undefined
    : {
        field: 'interval',
        sentence: t('validity.theIntervalIsAutoA', 'The interval is auto, a second or more such as 1m, or a variable.'),
      };
}

function checkChange({ change, queryType, view, metric }: Query): Problem | undefined {
  return !change || (queryType === 'stops' && allows(['totals'], view ?? '') && metric !== 'last_seen')
    ? undefined
    : {
        field: 'change',
        sentence: t('validity.onlyTotalsOfStopsCan', 'Only totals of stops can be compared with the time before.'),
      };
}

/** Whether an answer can go on with what stops from then on. */
export function isFollowable({ queryType, view }: Partial<Query>): boolean {
  return (queryType || 'stops') === 'stops' && allows(['records', 'logs'], view ?? '');
}

function checkLive({ live, queryType, view }: Query): Problem | undefined {
  return !live || isFollowable({ queryType, view })
    ? undefined
    : {
        field: 'live',
        sentence: t('validity.onlyRecordsAndLogsAre', 'Only records and logs of stops come as they happen.'),
      };
}
