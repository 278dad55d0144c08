import { type DataQueryRequest, type DataQueryResponse, toDataFrame } from '@grafana/data';
import { of } from 'rxjs';
import { type NatsQuery } from './types';
import { fetchValues, valuesIn } from './values';

const target: NatsQuery = { refId: 'values', version: 1, queryType: 'values', key: 'account' };
const frame = toDataFrame({
  fields: [
    { name: 'text', values: ['Orders', '(none)'] },
    { name: 'value', values: ['orders', ''] },
  ],
});

const fetch = (response: DataQueryResponse) => {
  const ask = jest.fn((_: DataQueryRequest<NatsQuery>) => of(response));
  return { ask, values: fetchValues(ask, target) };
};

test('values are asked as every query is, and read by the names of the fields', async () => {
  const { ask, values } = fetch({ data: [frame] });
  expect(await values).toEqual([
    { text: 'Orders', value: 'orders' },
    { text: '(none)', value: '' },
  ]);
  expect(ask.mock.calls[0][0].targets).toEqual([target]);
});

test('a refusal becomes an error with its sentence', async () => {
  const { values } = fetch({ data: [], errors: [{ message: 'No server answered.' }] });
  await expect(values).rejects.toThrow('No server answered.');
});

test('how many stops a value has stands beside it', () => {
  const counted = toDataFrame({
    fields: [
      { name: 'text', values: ['orders'] },
      { name: 'value', values: ['orders'] },
      { name: 'stops', values: [132] },
    ],
  });
  expect(valuesIn([counted])).toEqual([{ text: 'orders', value: 'orders', stops: 132 }]);
});

test('no frame is no values', () => {
  expect(valuesIn([])).toEqual([]);
});
