import { type DataFrame, type DataQueryRequest, CoreApp, FieldType, dateTime, toDataFrame } from '@grafana/data';
import { withEvidence } from './evidence';
import { type NatsQuery } from './types';

const range = { from: dateTime(1_000), to: dateTime(2_000), raw: { from: 'now-1h', to: 'now' } };
const request = { range } as DataQueryRequest<NatsQuery>;

const tableOf = (...evidence: object[]): DataFrame =>
  toDataFrame({
    fields: [
      { name: 'count', type: FieldType.number, values: evidence.map(() => 1), config: { unit: 'short' } },
      { name: 'evidence', type: FieldType.string, values: evidence.map((one) => JSON.stringify(one)) },
    ],
  });

const paneOf = (frame: DataFrame, row: number) =>
  JSON.parse(new URL(`http://g${frame.fields[1].values[row]}`).searchParams.get('panes') ?? '').a;

it('leads from the count of each finding to its own records and time', () => {
  const stops = {
    version: 1,
    queryType: 'stops',
    view: 'records',
    filters: [{ key: 'app', operator: '=', values: ['a'] }],
  };
  const open = { version: 1, queryType: 'connections', view: 'records' };
  const frame = withEvidence(tableOf({ query: stops, from: 5, to: 9 }, { query: open }), 'uid', request);

  expect(frame.fields[0].config).toMatchObject({ unit: 'short', links: [{ url: '${__data.fields["evidence"]:raw}' }] });
  const datasource = { uid: 'uid' };
  expect(paneOf(frame, 0)).toEqual({
    datasource: 'uid',
    queries: [{ refId: 'A', ...stops, datasource }],
    range: { from: '5', to: '9' },
  });
  expect(paneOf(frame, 1)).toEqual({
    datasource: 'uid',
    queries: [{ refId: 'A', ...open, datasource }],
    range: { from: 'now-1h', to: 'now' },
  });
});

it('says literally what clients call themselves', () => {
  const query = { version: 1, queryType: 'stops', filters: [{ key: 'name', operator: '=', values: ['${x}'] }] };
  const frame = withEvidence(tableOf({ query, from: 5, to: 9 }), 'uid', request);

  expect(paneOf(frame, 0).queries[0].filters).toEqual([{ key: 'name', operator: '=~', values: ['\\$\\{x\\}'] }]);
});

it('leads from the sentence, too, where tables are wide', () => {
  const frame = toDataFrame({
    fields: [
      { name: 'finding', type: FieldType.string, values: ['x'] },
      { name: 'evidence', type: FieldType.string, values: [JSON.stringify({ query: {} })] },
    ],
  });
  const links = (app: CoreApp) => withEvidence(frame, 'uid', { ...request, app }).fields[0].config.links ?? [];

  expect(links(CoreApp.Explore)).toHaveLength(1);
  expect(links(CoreApp.Dashboard)).toHaveLength(0);
});

it('leaves other answers as they are', () => {
  const frame = toDataFrame({ fields: [{ name: 'count', type: FieldType.number, values: [1] }] });

  expect(withEvidence(frame, 'uid', request)).toBe(frame);
});
