import { type ScopedVars } from '@grafana/data';
import { interpolate, type Replace } from './interpolate';
import { type Query } from './model.gen';

const VARIABLES: Record<string, string | string[]> = {
  type: 'stops',
  view: 'table',
  metric: 'stops',
  column: 'last_seen',
  interval: '5m',
  operator: '=|',
  account: ['A', 'B'],
  pattern: ['a.b', 'c|d'],
  keys: ['reason', 'server'],
  key: 'server',
  none: [],
};

/** Replaces as Grafana does: scoped values win, unknown names stay, the format sees the raw value. */
const replace: Replace = (text = '', scopedVars: ScopedVars = {}, format) =>
  text.replace(/\$\{?(\w+)\}?/g, (match, name: string) => {
    const value = scopedVars[name]?.value ?? VARIABLES[name];
    return value === undefined ? match : typeof format === 'function' ? format(value) : String(value);
  });

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
  key: '$key',
};

describe('variables', () => {
  it('are replaced in every string and every list', () => {
    for (const queryType of ['values', '$type']) {
      const replaced = run({ ...everything, queryType });
      expect(JSON.stringify(replaced)).not.toContain('$');
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

describe('filters', () => {
  it.each([
    ['=', ['$key'], '=', ['server']],
    ['=', ['$account'], '=|', ['A', 'B']],
    ['!=', ['$account'], '!=|', ['A', 'B']],
    ['=|', ['x', '$account'], '=|', ['x', 'A', 'B']],
    ['=', ['team-$account-$key'], '=|', ['team-A-server', 'team-B-server']],
    ['=|', ['$none'], '=|', []],
    ['=~', ['$account'], '=~', ['(A|B)']],
    ['!~', ['^$pattern$'], '!~', ['^(a\\.b|c\\|d)$']],
    ['=~', ['$key.*'], '=~', ['server.*']],
  ])('%s %j becomes %s %j', (operator, values, wantedOperator, wantedValues) => {
    const replaced = run({ filters: [{ key: 'account', operator, values }] });
    expect(replaced.filters).toEqual([{ key: 'account', operator: wantedOperator, values: wantedValues }]);
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
      { key: 'account', operator: '=~', values: ['A.*'] },
    ],
  ])('%j join the own', (given, wanted) => {
    expect(run({ queryType: 'stops', filters: [own] }, {}, adHoc(given)).filters).toEqual([own, wanted]);
  });

  it('are left out where the key means nothing', () => {
    expect(run({ queryType: 'servers' }, {}, adHoc({}))).toEqual({ queryType: 'servers' });
    expect(run({ queryType: 'servers' }, {}, adHoc({ key: 'server' })).filters).toHaveLength(1);
  });
});
