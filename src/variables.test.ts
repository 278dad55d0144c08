import { type DataSourceInstanceSettings, toDataFrame } from '@grafana/data';
import { lastValueFrom, of } from 'rxjs';
import { DataSource } from './datasource';
import { MAX_LIMIT } from './query/model.gen';
import { type NatsOptions } from './types';

const settings = { id: 1, uid: 'nats', type: 'natsops-connections-datasource', name: 'NATS', jsonData: {} };

function answering(count: number) {
  const source = new DataSource(settings as DataSourceInstanceSettings<NatsOptions>);
  const values = Array.from({ length: count }, (_, i) => `app-${i}`);
  const frame = toDataFrame({
    fields: [
      { name: 'text', values },
      { name: 'value', values },
    ],
  });
  jest.spyOn(source, 'query').mockReturnValue(of({ data: [frame] }));
  const variables = source.variables as unknown as { query: (request: object) => ReturnType<DataSource['query']> };
  return lastValueFrom(variables.query({ targets: [{ refId: 'app', key: 'app' }] }));
}

test('a variable lists every value', async () => {
  const { data, errors } = await answering(1_500);
  expect([data[0].length, errors]).toEqual([1_500, undefined]);
});

test('a list that was cut is an error, since All would not mean all', async () => {
  const { data, errors } = await answering(MAX_LIMIT);
  expect(data).toEqual([]);
  expect(errors?.[0].message).toBe('More than 100,000 values are too many for a variable; narrow them with a filter.');
});
