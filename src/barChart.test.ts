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

const hidden = (panel?: string) =>
  withOneNumber(table, asks(panel)).fields.flatMap(({ name, config }) => (config.custom?.hideFrom?.viz ? name : []));

test('a bar chart draws the number that is asked for, and has the others at hand', () => {
  expect(hidden('barchart')).toEqual(['bytes_lost_min', 'share']);
  expect(withOneNumber(table, asks('barchart')).fields[2].config.custom).toMatchObject({ width: 9 });
});

test('a table shows all of them, and so does Explore', () => {
  expect([hidden('table'), hidden()]).toEqual([[], []]);
});

test('a series of each group stays as it is', () => {
  const series = { ...table, meta: { type: 'timeseries-wide' as never } };
  expect(withOneNumber(series, asks('barchart'))).toBe(series);
});
