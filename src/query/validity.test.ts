import { type NatsQuery } from '../types';
import { isValid, problemOf } from './validity';

const query = (part: object) => ({ refId: 'A', version: 1, queryType: 'stops', view: 'table', ...part }) as NatsQuery;
const filter = (part: object) => query({ filters: [{ key: 'account', operator: '=', values: ['A'], ...part }] });

describe('a query runs', () => {
  it.each([
    ['empty, as Grafana may store it', {} as NatsQuery],
    ['with everything', query({ groupBy: ['reason', 'account'], limit: 10, sort: { by: 'stops', desc: true } })],
    ['with no grouping', query({ groupBy: [] })],
    ['of another type', query({ queryType: 'servers' })],
    ['for values', query({ queryType: 'values', key: 'account' })],
    ['filtered', filter({})],
    ['filtered by several', filter({ operator: '=|', values: ['A', 'B'] })],
    ['filtered by a pattern', filter({ operator: '!~', values: ['a.*'] })],
    ['filtered by a variable key', filter({ key: '$key', values: ['$value'] })],
    ['with a variable interval', query({ view: 'timeseries', interval: '$__interval' })],
    ['with a variable in braces', query({ groupBy: ['${key}'] })],
    ['with a long interval', query({ view: 'timeseries', interval: '1d' })],
    ['sorted by what its view ignores', query({ view: 'logs', sort: { by: 'stops', desc: true } })],
  ])('%s', (_, valid) => {
    expect(problemOf(valid)).toBeUndefined();
    expect(isValid(valid)).toBe(true);
  });
});

describe('a query does not run', () => {
  it.each([
    ['queryType', query({ queryType: 'nonsense' })],
    ['view', query({ queryType: 'servers', view: 'logs' })],
    ['metric', query({ metric: 'open' })],
    ['groupBy', query({ queryType: 'servers', groupBy: ['reason'] })],
    ['groupBy', query({ groupBy: ['reason', 'reason'] })],
    ['filters[0]', filter({ values: [] })],
    ['filters[0]', filter({ values: undefined })],
    ['filters[0]', filter({ key: undefined })],
    ['filters[0]', filter({ key: 'nonsense' })],
    ['filters[0]', filter({ operator: '<' })],
    ['filters[0]', filter({ values: ['A', 'B'] })],
    ['sort', query({ sort: { by: 'nonsense', desc: true } })],
    ['limit', query({ limit: -1 })],
    ['limit', query({ limit: 1.5 })],
    ['limit', query({ limit: Number.NaN, view: 'logs' })],
    ['limit', query({ limit: 1_000_000 })],
    ['interval', query({ view: 'timeseries', interval: 'often' })],
    ['key', query({ queryType: 'values' })],
  ])('because of %s', (field, invalid) => {
    const problem = problemOf(invalid);
    expect(problem?.field).toBe(field);
    expect(problem?.sentence).toMatch(/^.+\.$/);
    expect(isValid(invalid)).toBe(false);
  });
});
