import {
  type DataSourceInstanceSettings,
  CoreApp,
  FieldType,
  getDefaultTimeRange,
  hasLogsContextSupport,
  hasSupplementaryQuerySupport,
  hasToggleableQueryFiltersSupport,
  SupplementaryQueryType,
  toDataFrame,
} from '@grafana/data';
import { DataSourceWithBackend } from '@grafana/runtime';
import { lastValueFrom, of } from 'rxjs';
import { DataSource } from './datasource';
import { type NatsOptions, type NatsQuery } from './types';

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  getTemplateSrv: () => ({ replace: (text: string) => text.replace('$server', 'n1'), getVariables: () => [] }),
}));

const settings = { id: 1, uid: 'nats', type: 'natsops-connections-datasource', name: 'NATS', jsonData: {} };
const datasource = () => new DataSource(settings as DataSourceInstanceSettings<NatsOptions>);
const query = (part: Partial<NatsQuery>): NatsQuery => ({ refId: 'A', version: 1, queryType: 'stops', ...part });

test.each([
  ['a valid query', query({}), true],
  ['one of an older dashboard without a version', { refId: 'A', queryType: 'stops' } as NatsQuery, true],
  ['a hidden query', query({ hide: true }), false],
  ['an invalid query, for the backend to say so,', query({ limit: '100' as never }), true],
])('%s is sent: %#', (_, given, sent) => {
  expect(datasource().filterQuery(given)).toBe(sent);
});

test('variables and the dashboard’s filters reach the backend', () => {
  const filters = [{ key: 'server', operator: '=' as const, values: ['$server'] }] as NatsQuery['filters'];
  const sent = datasource().applyTemplateVariables(query({ filters }), {}, [
    { key: 'account', operator: '=', value: 'orders' },
  ]);
  expect(sent.filters).toEqual([
    { key: 'server', operator: '=', values: ['n1'] },
    { key: 'account', operator: '=', values: ['orders'] },
  ]);
});

test('a dashboard’s filter that is taken to Explore becomes the query’s own', () => {
  const [taken] = datasource().interpolateVariablesInQueries([query({})], {}, [
    { key: 'account', operator: '=~', value: 'o.*' },
  ]);
  expect(taken.filters).toEqual([{ key: 'account', operator: '=~', values: ['o.*'] }]);
});

test.each([
  { filters: {} },
  { filters: [null] },
  { filters: [{ key: 'account', operator: '=', values: 'A' }] },
  { groupBy: 'reason' },
  { sort: 'time' },
  { limit: '100' },
  { interval: 60 },
])('%j is sent as it is stored', (part) => {
  expect(datasource().applyTemplateVariables(query(part as never), {})).toEqual(query(part as never));
});

test('ad-hoc filters offer the keys that the dashboard’s queries know', async () => {
  const keysOf = async (queryType: NatsQuery['queryType']) =>
    (await datasource().getTagKeys({ filters: [], queries: [query({ queryType })] })).map(({ value }) => value);
  expect(await keysOf('servers')).toEqual(['server', 'cluster', 'version']);
  expect(await keysOf('stops')).toContain('reason');
});

test('the values of a filter are narrowed by the other filters', async () => {
  const source = datasource();
  const asked = jest.spyOn(source, 'query').mockReturnValue(of({ data: [] }));
  const filters = [
    { key: 'account', operator: '=', value: 'orders' },
    { key: 'server', operator: '=', value: 'n1' },
  ];
  await source.getTagValues({ key: 'server', filters });
  expect(asked.mock.calls[0][0].targets[0]).toMatchObject({
    queryType: 'values',
    key: 'server',
    filters: [{ key: 'account', operator: '=', values: ['orders'] }],
  });
});

test('a variable asks for the values of its key', () => {
  const source = datasource();
  const asked = jest.spyOn(source, 'query').mockReturnValue(of({ data: [] }));
  const request = { targets: [{ refId: '', key: 'app' }] };
  (source.variables as unknown as { query: (request: object) => void }).query(request);
  expect(asked.mock.calls[0][0].targets).toEqual([{ refId: 'values', version: 1, queryType: 'values', key: 'app' }]);
});

test('the backend tests the connection, and new queries know their place', () => {
  expect(Object.getOwnPropertyNames(DataSource.prototype)).not.toContain('testDatasource');
  expect(datasource().getDefaultQuery(CoreApp.Explore).view).toBe('logs');
});

test('answers pass through the links and the volume on their way', async () => {
  const range = getDefaultTimeRange();
  const internal = { datasourceUid: 'nats', datasourceName: 'NATS', query: { refId: 'A' } };
  const field = {
    name: 'stops',
    type: FieldType.number,
    values: [1],
    config: { links: [{ title: '', url: '', internal }] },
  };
  const share = { name: 'share', type: FieldType.number, values: [1] };
  const answer = { data: [toDataFrame({ refId: 'A', meta: { type: 'numeric-long' }, fields: [field, share] })] };
  jest.spyOn(DataSourceWithBackend.prototype, 'query').mockReturnValue(of(answer));
  const request = { range, targets: [], panelPluginId: 'barchart' };
  const { data } = await lastValueFrom(datasource().query(request as never));
  expect(data[0].fields[0].config.links[0].internal.range).toBe(range);
  expect(data[0].fields).toHaveLength(1);
});

test('Explore gets the volume of the whole range, the context of a line, and filters from its labels', () => {
  const source = datasource();
  const logs = query({ view: 'logs' });
  expect(hasSupplementaryQuerySupport(source as never, SupplementaryQueryType.LogsVolume)).toBe(true);
  const request = { targets: [logs, query({ view: 'table' })] } as never;
  expect(source.getSupplementaryRequest(SupplementaryQueryType.LogsVolume, request)?.targets).toHaveLength(1);
  expect(source.getSupplementaryRequest(SupplementaryQueryType.LogsSample, request)).toBeUndefined();
  expect([hasLogsContextSupport(source), hasToggleableQueryFiltersSupport(source)]).toEqual([true, true]);
  const only = source.toggleQueryFilter(logs, { type: 'FILTER_FOR', options: { key: 'server', value: 'n1' } });
  expect(source.queryHasFilter(only, { key: 'server', value: 'n1' })).toBe(true);
  expect(source.modifyQuery(logs, { type: 'ADD_FILTER_OUT', options: { key: 'server', value: 'n1' } }).filters).toEqual(
    [{ key: 'server', operator: '!=', values: ['n1'] }]
  );
});

test.each([
  [query({ view: 'logs' }), 'Closed connections as log lines, newest first, at most 1,000 lines'],
  [query({ limit: '100' as never }), 'A query that cannot be read: limit must be a whole number.'],
])('a collapsed row and the history tell %j in words', (given, text) => {
  expect(datasource().getQueryDisplayText(given)).toBe(text);
});
