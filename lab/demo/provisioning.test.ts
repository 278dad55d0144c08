import { PLUGIN_ID } from '../host';
import { alertQuestions, dashboardQuestions, withoutVariables } from './provisioning';

describe('withoutVariables', () => {
  it('drops filters on variables alone, since a variable stands for all', () => {
    const query = {
      refId: 'A',
      groupBy: ['reason', '$by'],
      filters: [
        { key: 'account', operator: '=~', values: ['$account'] },
        { key: 'server', operator: '=|', values: ['${server:regex}', '[[other]]'] },
        { key: 'class', operator: '=', values: ['unexpected'] },
        { key: 'app', operator: '=|', values: ['checkout', '$app'] },
      ],
    };
    expect(withoutVariables(query)).toEqual({
      refId: 'A',
      groupBy: ['reason'],
      filters: [
        { key: 'class', operator: '=', values: ['unexpected'] },
        { key: 'app', operator: '=|', values: ['checkout', '$app'] },
      ],
    });
  });

  it('adds nothing that was not there', () => {
    expect(withoutVariables({ refId: 'A', queryType: 'servers' })).toEqual({ refId: 'A', queryType: 'servers' });
  });
});

it('asks what panels, also those in rows, and annotations ask this data source', () => {
  const datasource = { type: PLUGIN_ID };
  const questions = dashboardQuestions({
    title: 'Overview',
    panels: [
      { title: 'Stops', targets: [{ refId: 'A', datasource }] },
      { title: 'Row', panels: [{ title: 'Inside', targets: [{ refId: 'A', datasource }] }] },
      { title: 'Foreign', targets: [{ refId: 'A', datasource: { type: 'prometheus' } }] },
    ],
    annotations: { list: [{ name: 'Restarts', datasource, target: { refId: 'x' } }, { name: 'Grafana' }] },
  });
  const asked = questions.filter(({ queries }) => queries.length > 0);
  expect(asked.map(({ title }) => title)).toEqual(['Stops', 'Inside', 'Restarts (annotation)']);
  expect(asked.every(({ group, isAlert }) => group === 'Overview' && !isAlert)).toBe(true);
});

it('asks what alert rules ask, without the expressions that Grafana answers itself', () => {
  const [rule] = alertQuestions({
    groups: [
      {
        name: 'NATS',
        rules: [
          {
            title: 'Slow consumer',
            data: [
              { refId: 'A', datasourceUid: 'nats', relativeTimeRange: { from: 600 }, model: { queryType: 'stops' } },
              { refId: 'B', datasourceUid: '__expr__', model: { type: 'threshold' } },
            ],
          },
        ],
      },
    ],
  });
  expect(rule).toEqual({
    group: 'Alert rules: NATS',
    title: 'Slow consumer',
    queries: [{ refId: 'A', queryType: 'stops' }],
    seconds: 600,
    isAlert: true,
  });
});
