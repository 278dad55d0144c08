import { CoreApp } from '@grafana/data';
import { complete, defaultLimit, defaultQuery } from './defaults';
import { isValid } from './validity';

describe('a new query', () => {
  it.each([
    [CoreApp.PanelEditor, 'timeseries'],
    [CoreApp.Dashboard, 'timeseries'],
    [undefined, 'timeseries'],
    [CoreApp.UnifiedAlerting, 'totals'],
    [CoreApp.CloudAlerting, 'totals'],
    [CoreApp.Explore, 'logs'],
  ])('in %s starts as %s and runs', (app, view) => {
    const query = defaultQuery(app);
    expect(query).toMatchObject({ version: 1, queryType: 'stops', view, groupBy: ['reason'] });
    expect(isValid(query)).toBe(true);
  });
});

describe('completing', () => {
  it('fills what is absent as the backend does', () => {
    expect(complete({ queryType: 'connections' })).toEqual({
      version: 1,
      queryType: 'connections',
      view: 'table',
      metric: 'connections',
      groupBy: ['account', 'server'],
      filters: [],
    });
  });

  it('leaves what was chosen, also an empty grouping', () => {
    const chosen = { version: 1, queryType: 'stops', view: 'totals', metric: 'bytes_lost_min', groupBy: [] } as const;
    expect(complete({ ...chosen, groupBy: [] })).toMatchObject(chosen);
  });

  it('takes an empty query for one about stops', () => {
    expect(complete({}).queryType).toBe('stops');
  });
});

test.each([
  ['records', 1000],
  ['logs', 1000],
  ['totals', 50],
  ['table', 50],
] as const)('%s are limited to %d unless told otherwise', (view, limit) => {
  expect(defaultLimit({ view })).toBe(limit);
});
