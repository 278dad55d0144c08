import { type DataLink, type DataQueryRequest, CoreApp, dateTime, FieldType, toDataFrame } from '@grafana/data';
import { withTimes } from './links';
import { type NatsQuery } from './types';

const from = dateTime('2026-03-01T17:01:00Z');
const to = dateTime('2026-03-01T17:04:00Z');
const range = { from, to, raw: { from, to } };
const request = (app: CoreApp) => ({ app, range }) as DataQueryRequest<NatsQuery>;
const is = (key: string, value: string) => ({ key, operator: '=', values: [value] });

function link(filters: object[]): DataLink {
  const query = { version: 1, queryType: 'stops', view: 'records', filters };
  return { title: 'Show these records', url: '', internal: { datasourceUid: 'nats', datasourceName: 'NATS', query } };
}

function answer(filters: object[], type = 'numeric-wide') {
  const config = { displayNameFromDS: 'Read Error', links: [link(filters)] };
  return toDataFrame({
    meta: { type },
    fields: [
      { name: 'time', type: FieldType.time, values: [from.valueOf(), from.valueOf() + 60_000] },
      { name: 'stops', type: FieldType.number, values: [1, 2], config },
    ],
  });
}

function linkOf(filters: object[], app = CoreApp.Dashboard, type?: string): DataLink {
  return withTimes(answer(filters, type), request(app)).fields[1].config.links![0];
}

test('a number leads to the records of its time range, under its own name', () => {
  const { title, internal } = linkOf([is('reason', 'Read Error')]);
  expect(internal?.range).toBe(range);
  expect(title).toBe('Records of ${__field.displayName}');
  expect(internal?.query.filters).toEqual([is('reason', 'Read Error')]);
});

test('what the group says takes the place of what the query asked, and clients’ own names stay texts', () => {
  const asked = [
    { key: 'account', operator: '=|', values: ['A', 'B'] },
    is('class', 'unexpected'),
    is('class', 'unexpected'),
  ];
  const { internal } = linkOf([...asked, is('account', 'A'), is('app', '$boom'), is('ip', '${__data.fields["ip"]}')]);
  expect(internal?.query.filters).toEqual([
    is('class', 'unexpected'),
    is('account', 'A'),
    { key: 'app', operator: '=~', values: ['\\$boom'] },
    is('ip', '${__data.fields["ip"]}'),
  ]);
});

test('a bar of a series leads to the records of its interval', () => {
  const { onBuildUrl, internal } = linkOf([is('reason', 'Read Error')], CoreApp.Dashboard, 'timeseries-wide');
  const at = String(from.valueOf() + 60_000);
  const url = onBuildUrl!({ origin: undefined, replaceVariables: (text) => text.replace('${__value.time}', at) });
  const left = JSON.parse(new URL(url, 'http://grafana').searchParams.get('left')!);
  expect(left.range).toEqual({ from: at, to: String(from.valueOf() + 119_999) });
  expect(left.queries[0]).toMatchObject({ view: 'records', filters: [is('reason', 'Read Error')] });
  expect(internal).toBeUndefined();
  expect(url).not.toContain('$');
});

test('in Explore, links open beside the series', () => {
  const { internal, onBuildUrl } = linkOf([is('reason', 'Read Error')], CoreApp.Explore, 'timeseries-wide');
  expect([internal?.range, onBuildUrl]).toEqual([range, undefined]);
});
