import { type NatsQuery } from '../types';
import { fromJson, toJson } from './json';

const query: NatsQuery = {
  refId: 'A',
  datasource: { uid: 'nats' },
  version: 1,
  queryType: 'stops',
  view: 'table',
  groupBy: ['app'],
  filters: [{ key: 'account', operator: '=', values: ['$G'] }],
  sort: { by: 'stops', desc: false },
  limit: 7,
};

test('what is shown is what comes back, also what this version does not know', () => {
  const future = { ...query, shade: 'blue' } as NatsQuery;
  expect(fromJson(toJson(future), query)).toEqual(future);
});

test('what is Grafana’s is neither shown nor changed', () => {
  expect(JSON.parse(toJson({ ...query, hide: true, key: 'Q-1' as never } as NatsQuery))).not.toHaveProperty('hide');
  expect(toJson({ ...query, key: 'Q-1' as never })).not.toContain('Q-1');
  expect(fromJson('{"queryType":"servers","refId":"B"}', query)).toEqual({
    queryType: 'servers',
    refId: 'A',
    datasource: { uid: 'nats' },
  });
});

test.each(['{', '[]', '"stops"', 'null'])('%s is no query, which is said', (text) => {
  expect(fromJson(text, query)).toEqual({ sentence: expect.stringMatching(/\.$/) });
});
