import { type DataQueryRequest, FieldType, toDataFrame } from '@grafana/data';
import { withOneNumber } from './barChart';
import { type NatsQuery } from './types';

const asks = (panelPluginId?: string) => ({ panelPluginId }) as DataQueryRequest<NatsQuery>;

const table = toDataFrame({
  meta: { type: 'numeric-long' },
  fields: [
    { name: 'reason', type: FieldType.string, values: ['Read Error'] },
    { name: 'stops', type: FieldType.number, config: { unit: 'short' }, values: [4] },
    { name: 'bytes_lost_min', type: FieldType.number, config: { unit: 'bytes', custom: { width: 9 } }, values: [8] },
    { name: 'share', type: FieldType.number, config: { unit: 'percentunit' }, values: [1] },
    { name: 'last_seen', type: FieldType.time, values: [5] },
  ],
});

test('a bar chart gets the number that is asked for, and no other', () => {
  expect(withOneNumber(table, asks('barchart')).fields.map(({ name }) => name)).toEqual([
    'reason',
    'stops',
    'last_seen',
  ]);
});

test('a table shows all of them, and so does Explore', () => {
  expect([withOneNumber(table, asks('table')), withOneNumber(table, asks())]).toEqual([table, table]);
});

test('a series of each group stays as it is', () => {
  const series = { ...table, meta: { type: 'timeseries-wide' as never } };
  expect(withOneNumber(series, asks('barchart'))).toBe(series);
});
