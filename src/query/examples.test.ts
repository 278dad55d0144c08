import { CoreApp } from '@grafana/data';
import { COMMON, MORE } from './examples';
import { betterView, fitted } from './fit';
import { type Query } from './model.gen';
import { problemOf } from './validity';

const PLACES = [
  {},
  { app: CoreApp.UnifiedAlerting },
  ...['table', 'stat', 'logs', 'timeseries'].map((panel) => ({ panel })),
];

test.each([...COMMON, ...MORE])('$title can be asked everywhere', ({ query }) => {
  for (const place of PLACES) {
    expect(problemOf(fitted(query, place))).toBeUndefined();
  }
});

test.each([
  ['table', 'totals', 'table'],
  ['table', 'records', undefined],
  ['stat', 'table', 'totals'],
  ['logs', 'timeseries', 'logs'],
  ['barchart', 'totals', 'table'],
  ['canvas', 'logs', undefined],
  [undefined, 'logs', undefined],
] as const)('in a %s panel, %s is better shown as %s', (panel, view, better) => {
  expect(betterView({ version: 1, queryType: 'stops', view }, { panel })).toBe(better);
});

test('a rule cannot count log lines, and the lines of servers are events', () => {
  const query = (part: Partial<Query>): Query => ({ version: 1, queryType: 'stops', view: 'logs', ...part });
  expect(betterView(query({}), { app: CoreApp.UnifiedAlerting })).toBe('totals');
  expect(betterView(query({ queryType: 'servers', view: 'table' }), { panel: 'logs' })).toBe('events');
  expect(betterView(query({ queryType: 'connections', view: 'table' }), { panel: 'logs' })).toBeUndefined();
});
