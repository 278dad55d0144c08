import { type ScopedVars } from '@grafana/data';
import { interpolate } from './interpolate';
import { type Query } from './model.gen';
import { type Replace } from './template';

const VARIABLES: Record<string, string | string[] | { all: string }> = {
  type: 'stops',
  view: 'table',
  metric: 'stops',
  column: 'last_seen',
  interval: '5m',
  short: '200ms',
  operator: '=|',
  account: ['A', '$G'],
  pattern: ['a.b', 'c|d'],
  keys: ['reason', 'server'],
  key: 'server',
  empty: '',
  none: [],
  everything: { all: '.*' },
  some: { all: 'orders|billing' },
  one: { all: 'orders' },
  strange: ['x', '${boom}', '$boom', '[[boom]]'],
  __interval: '200ms',
  __interval_ms: '200',
};

const FORMATS: Record<string, (values: string[]) => string> = {
  csv: (values) => values.join(','),
  pipe: (values) => values.join('|'),
  json: (values) => JSON.stringify(values),
};

/** Replaces as Grafana does: scoped values win, unknown names stay, a format in the text wins, a custom All stays raw. */
const replace: Replace = (text = '', scopedVars: ScopedVars = {}, format) =>
  text.replace(
    /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?::([^}]+))?\}/g,
    (match, plain, inBrackets, format2, inBraces, format3) => {
      const value = scopedVars[plain ?? inBrackets ?? inBraces]?.value ?? VARIABLES[plain ?? inBrackets ?? inBraces];
      if (value === undefined) {
        return match;
      }
      if (value.all) {
        return value.all;
      }
      const named = format2 ?? format3 ?? format;
      return typeof named === 'function' ? named(value) : (FORMATS[named] ?? FORMATS.csv)([value].flat());
    }
  );

const run = (query: object, scopedVars: ScopedVars = {}, adHoc = []) =>
  interpolate(query as Query, replace, scopedVars, adHoc);

/** Every field of the union with a variable wherever a string can stand; a new field has to join. */
const everything: Record<keyof Query, unknown> = {
  version: 1,
  queryType: '$type',
  view: '$view',
  metric: '$metric',
  groupBy: ['$keys', '$key'],
  filters: [{ key: '$key', operator: '$operator', values: ['$account', '${key}'] }],
  sort: { by: '$column', desc: true },
  limit: 5,
  interval: '$interval',
  change: false,
  coverageShown: true,
  live: false,
  timezone: 'UTC',
  key: '$key',
};

describe('variables', () => {
  it('are replaced in every string and every list', () => {
    for (const queryType of ['values', '$type']) {
      const replaced = run({ ...everything, queryType });
      expect(JSON.stringify(replaced).replace('"$G"', '')).not.toContain('$');
      expect(Object.keys(replaced).sort()).toEqual(
        Object.keys(everything)
          .filter((field) => field !== 'key' || queryType === 'values')
          .sort()
      );
    }
  });

  it('leave numbers and what is not of the model alone', () => {
    const replaced = run({ refId: '$key', limit: 5, hide: false });
    expect(replaced).toEqual({ refId: '$key', limit: 5, hide: false });
  });

  it('with several values expand into lists without duplicates', () => {
    expect(run({ groupBy: ['server', '$keys'] }).groupBy).toEqual(['server', 'reason']);
  });

  it('respect scoped values', () => {
    expect(run({ interval: '$interval' }, { interval: { text: '9m', value: '9m' } }).interval).toBe('9m');
  });

  it('that are unknown stay for the backend to refuse', () => {
    expect(run({ interval: '$nothing' }).interval).toBe('$nothing');
  });

  it("drop Explore's own key but keep that of a values query", () => {
    expect(run({ queryType: 'stops', key: 'Q-1' })).not.toHaveProperty('key');
    expect(run({ queryType: 'values', key: 'account' })).toHaveProperty('key', 'account');
  });
});

describe('intervals', () => {
  it.each([
    '$__interval',
    '${__interval}',
    '$__interval_ms',
    '${__interval_ms}ms',
    '$__rate_interval',
    '[[__interval]]',
  ])('%s is left to the backend', (interval) => expect(run({ interval }).interval).toBe('auto'));

  it('of variables are never shorter than a second', () => {
    expect(run({ interval: '$short' }).interval).toBe('1s');
    expect(run({ interval: '200ms' }).interval).toBe('200ms');
  });
});

describe('filters', () => {
  const filtered = (operator: string, values: unknown[]) =>
    run({ filters: [{ key: 'account', operator, values }] }).filters;

  it.each([
    ['=', ['$key'], '=', ['server']],
    ['=', ['$account'], '=|', ['A', '$G']],
    ['!=', ['$account'], '!=|', ['A', '$G']],
    ['=|', ['x', '$account'], '=|', ['x', 'A', '$G']],
    ['=', ['team-$account-$key'], '=|', ['team-A-server', 'team-$G-server']],
    ['=|', ['$none', 'x'], '=|', ['x']],
    ['=~', ['$account'], '=~', ['(A|\\$G)']],
    ['!~', ['^$pattern$'], '!~', ['^(a\\.b|c\\|d)$']],
    ['=~', ['$key.*'], '=~', ['server.*']],
    ['=', ['$G'], '=', ['$G']],
    ['=', [2], '=', ['2']],
    ['=|', [], '=|', []],
  ])('%s %j becomes %s %j', (operator, values, wantedOperator, wantedValues) => {
    expect(filtered(operator, values)).toEqual([{ key: 'account', operator: wantedOperator, values: wantedValues }]);
  });

  const SPELLINGS = ['$account', '${account}', '[[account]]', '[[account:csv]]'].concat(
    ['csv', 'pipe', 'json', 'raw', 'text', 'regex', 'queryparam', 'doublequote'].map(
      (format) => `\${account:${format}}`
    )
  );

  it.each(SPELLINGS)('%s sends the values', (spelling) => {
    const key = 'account';
    expect(filtered('=', [spelling])).toEqual([{ key, operator: '=|', values: ['A', '$G'] }]);
    expect(filtered('!=|', [spelling])).toEqual([{ key, operator: '!=|', values: ['A', '$G'] }]);
    expect(filtered('!~', [spelling])).toEqual([{ key, operator: '!~', values: ['(A|\\$G)'] }]);
  });

  it.each(['=', '!=', '=|', '!=|', '=~', '!~'])('%s of everything, or of nothing yet, are not sent', (operator) => {
    for (const spelling of ['$none', '${none:csv}', 'a-$none', '$empty', '$everything']) {
      expect([spelling, filtered(operator, [spelling])]).toEqual([spelling, []]);
    }
  });

  it.each([
    ['=', '$some', '=~', 'orders|billing'],
    ['!=', 'a.$some', '!~', 'a\\.(orders|billing)'],
    ['=~', '$some', '=~', 'orders|billing'],
    ['=', '$one', '=', 'orders'],
  ])('%s %s takes a custom All for the pattern it is', (operator, value, wantedOperator, wanted) => {
    expect(filtered(operator, [value])).toEqual([{ key: 'account', operator: wantedOperator, values: [wanted] }]);
  });

  it('mean what clients call themselves, even if that reads as a variable', () => {
    const pattern = '(x|\\$\\{boom\\}|\\$boom|\\[\\[boom\\]\\])';
    expect(filtered('=|', ['$strange'])).toEqual([{ key: 'account', operator: '=~', values: [pattern] }]);
    expect(filtered('!=|', ['$strange'])).toEqual([{ key: 'account', operator: '!~', values: [pattern] }]);
  });
});

describe("the dashboard's ad-hoc filters", () => {
  const own = { key: 'class', operator: '=', values: ['unexpected'] };
  const adHoc = (part: object) => [{ key: 'account', operator: '=', value: 'A', ...part }] as never[];

  it.each([
    [{}, { key: 'account', operator: '=', values: ['A'] }],
    [
      { operator: '=|', values: ['A', 'B'] },
      { key: 'account', operator: '=|', values: ['A', 'B'] },
    ],
    [
      { operator: '=', values: ['A', 'B'] },
      { key: 'account', operator: '=', values: ['A'] },
    ],
    [
      { operator: '=~', value: 'A.*' },
      { key: 'account', operator: '=~', values: ['A.*'], adHoc: true },
    ],
    [
      { operator: '<', value: 'B' },
      { key: 'account', operator: '<', values: ['B'], adHoc: true },
    ],
    [
      { key: 'namespace', value: 'x' },
      { key: 'namespace', operator: '=', values: ['x'], adHoc: true },
    ],
    [{ value: '${boom}' }, { key: 'account', operator: '=~', values: ['\\$\\{boom\\}'] }],
  ])('%j join the own', (given, wanted) => {
    expect(run({ queryType: 'stops', filters: [own] }, {}, adHoc(given)).filters).toEqual([own, wanted]);
  });

  it('are left out where the key means something only to other queries', () => {
    expect(run({ queryType: 'servers' }, {}, adHoc({}))).toEqual({ queryType: 'servers' });
    expect(run({ queryType: 'servers' }, {}, adHoc({ key: 'server' })).filters).toHaveLength(1);
  });
});
