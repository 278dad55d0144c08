import { CoreApp } from '@grafana/data';
import { changeType, changeView } from './change';
import { betterView } from './fit';
import { type Query, SPECS } from './model.gen';
import { partOf } from './parts';
import { problemOf } from './validity';

const open = (part: Partial<Query>): Query => ({ version: 1, queryType: 'connections', view: 'table', ...part });

describe('a view that has less than its query type', () => {
  it('offers what it has, and each of it can be asked', () => {
    for (const queryType of ['stops', 'connections', 'servers', 'findings'] as const) {
      for (const view of SPECS[queryType].views) {
        const { metrics, keys } = partOf(queryType, view);
        for (const metric of metrics) {
          expect(problemOf({ queryType, view, metric, groupBy: keys })).toBeUndefined();
        }
      }
    }
    expect(partOf('connections', 'timeseries').keys).toEqual(['account', 'server', 'cluster']);
    expect(partOf('stops', 'timeseries').metrics).not.toContain('last_seen');
    expect(partOf('stops', 'totals').metrics).toContain('last_seen');
  });

  it('drops a number and a grouping that it has not, and keeps those that it has', () => {
    const asked = open({ view: 'totals', metric: 'in_msgs', groupBy: ['app'] });
    expect(changeView(asked, 'timeseries')).toMatchObject({ metric: undefined, groupBy: ['account', 'server'] });
    const kept = open({ view: 'totals', metric: 'pending_bytes', groupBy: ['app', 'server'] });
    expect(changeView(kept, 'timeseries')).toMatchObject({ metric: 'pending_bytes', groupBy: ['server'] });
    expect(changeView(open({ groupBy: [] }), 'timeseries').groupBy).toEqual([]);
    const overTime: Query = { version: 1, queryType: 'stops', view: 'timeseries', groupBy: ['reason', 'server'] };
    expect(changeType(overTime, 'servers')).toMatchObject({ view: 'timeseries', groupBy: ['server'] });
  });

  it('keeps a filter that it has not, and says so, since without it the answer would be another', () => {
    const filters: Query['filters'] = [{ key: 'app', operator: '=', values: ['billing'] }];
    const changed = changeView(open({ filters }), 'timeseries');
    expect(changed.filters).toEqual(filters);
    expect(problemOf(changed)).toEqual({
      field: 'filters[0]',
      sentence: 'timeseries of connections cannot be filtered by “app”; remove the filter.',
    });
  });

  it('is not proposed for a question that it cannot answer', () => {
    const place = { app: CoreApp.PanelEditor, panel: 'timeseries' };
    expect(betterView(open({ groupBy: ['app'] }), place)).toBeUndefined();
    expect(betterView(open({ groupBy: ['account'] }), place)).toBe('timeseries');
  });
});
