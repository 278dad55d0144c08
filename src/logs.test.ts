import { type LogRowModel, FieldType, LogRowContextQueryDirection, toDataFrame } from '@grafana/data';
import { contextRequest, nearest, volumeFrames, volumeQuery } from './logs';
import { type NatsQuery } from './types';

const query = (part: Partial<NatsQuery>): NatsQuery => ({
  refId: 'A',
  version: 1,
  queryType: 'stops',
  view: 'logs',
  ...part,
});
const AT = Date.parse('2026-03-01T17:00:00Z');
const HOUR = 3_600_000;
const row = (labels: object) => ({ uid: 'x', timeEpochMs: AT, labels }) as LogRowModel;

test('the volume counts the whole range by severity, with the same filters and no limit', () => {
  const filters = [{ key: 'account' as const, operator: '=' as const, values: ['A'] }];
  expect(volumeQuery(query({ filters, limit: 10 }))).toEqual({
    refId: 'log-volume-A',
    version: 1,
    queryType: 'stops',
    view: 'timeseries',
    metric: 'stops',
    groupBy: ['severity'],
    filters,
  });
});

test.each([{ view: 'timeseries' }, { queryType: 'connections', view: 'records' }, { hide: true }] as const)(
  '%j has no volume',
  (part) => expect(volumeQuery(query(part))).toBeUndefined()
);

test('each severity is a frame with its level', () => {
  const values = [1, 2];
  const fields = [
    { name: 'time', type: FieldType.time, values },
    { name: 'stops', type: FieldType.number, values, labels: { severity: 'warning' }, config: { links: [{}] } },
    { name: 'stops', type: FieldType.number, values, labels: { severity: 'critical' } },
  ];
  const frames = volumeFrames(toDataFrame({ refId: 'log-volume-A', fields }));
  expect(frames.map((frame) => frame.fields[1].labels?.level)).toEqual(['warning', 'critical']);
  expect(frames[0].fields[1].config.links).toBeUndefined();
  const other = toDataFrame({ refId: 'A', fields });
  expect(volumeFrames(other)).toEqual([other]);
});

test('context is what stopped on the same server, and the same client elsewhere', () => {
  const { targets, range } = contextRequest(row({ server: 'n1', account: 'A', name: 'billing-1' }));
  expect(
    targets.map(({ filters }) => filters?.map(({ key, operator, values }) => `${key} ${operator} ${values}`))
  ).toEqual([['server = n1'], ['name = billing-1', 'account = A', 'server != n1']]);
  expect([range.from.valueOf(), range.to.valueOf()]).toEqual([AT - HOUR, AT]);
});

test('of a client without a name, only its server is known', () => {
  expect(contextRequest(row({ server: 'n1', account: 'A' })).targets).toHaveLength(1);
});

test('of many lines the nearest are shown, before and after', () => {
  const frame = toDataFrame({ fields: [{ name: 'body', values: ['5', '4', '3', '2', '1'] }] });
  const forward = { direction: LogRowContextQueryDirection.Forward, limit: 2 };
  expect(nearest(frame, { limit: 2 }).fields[0].values).toEqual(['5', '4']);
  expect(nearest(frame, forward).fields[0].values).toEqual(['2', '1']);
  expect(contextRequest(row({ server: 'n1' }), forward).range.to.valueOf()).toBe(AT + HOUR);
});
