import { type DataQueryRequest, dateTime, FieldType, toDataFrame } from '@grafana/data';
import { withLinksOut } from './linksOut';
import { type Link } from './settings/settings.gen';
import { type NatsQuery } from './types';

const from = dateTime('2026-03-01T17:00:00Z');
const to = dateTime('2026-03-01T18:00:00Z');
const request = { range: { from, to, raw: { from: 'now-1h', to: 'now' } } } as DataQueryRequest<NatsQuery>;
const AT = Date.parse('2026-03-01T17:30:00Z');

const records = toDataFrame({
  fields: [
    { name: 'time', type: FieldType.time, values: [AT, AT + 1000] },
    { name: 'app', type: FieldType.string, values: ['price feed', 'a"} or b`&x=1'] },
    { name: 'cid', type: FieldType.number, values: [7, 8] },
  ],
});

const LOG: Link = { title: 'Server log', datasource: 'loki', query: '{app="nats"} |= "cid:${cid}"', around: '2m' };

function opened(link: Link, frame = records) {
  const { fields } = withLinksOut(frame, [link], request);
  const at = fields.find(({ config }) => config.links?.some(({ title }) => title === link.title));
  const { url, targetBlank } = at?.config.links?.at(-1) ?? {};
  const targets = fields.find(({ name }) => url === `\${__data.fields["${name}"]:raw}`);
  return { column: at?.name, targetBlank, addresses: targets?.values as string[] | undefined, targets };
}

function paneOf(address = '') {
  return JSON.parse(new URL(address, 'http://grafana').searchParams.get('left')!);
}

test('a record leads to the log of its connection around its stop', () => {
  const { column, addresses, targetBlank } = opened(LOG);
  expect([column, targetBlank]).toEqual(['cid', true]);
  expect(paneOf(addresses?.[1])).toEqual({
    datasource: 'loki',
    queries: [
      {
        refId: 'A',
        datasource: { uid: 'loki' },
        expr: '{app="nats"} |= "cid:8"',
        query: '{app="nats"} |= "cid:8"',
      },
    ],
    range: { from: String(AT + 1000 - 120_000), to: String(AT + 1000 + 120_000) },
  });
});

test('a query that is written as JSON is the whole query', () => {
  const { addresses } = opened({ ...LOG, query: '{"rawSql": "select \'${app}\'", "format": 1}' });
  expect(paneOf(addresses?.[0]).queries).toEqual([
    { refId: 'A', datasource: { uid: 'loki' }, rawSql: "select 'price feed'", format: 1 },
  ]);
});

test('a page stands at its key, and what clients call themselves does not change the address', () => {
  const { column, addresses } = opened({ title: 'Page', key: 'app', url: 'https://wiki.example/${app}?a=b' });
  expect(column).toBe('app');
  expect(addresses).toEqual([
    'https://wiki.example/price%20feed?a=b',
    'https://wiki.example/a%22%7D%20or%20b%60%26x%3D1?a=b',
  ]);
});

test('a name does not end the text of a query', () => {
  const { addresses } = opened({ ...LOG, query: '{app="${app}"} |= `${app}`' });
  expect(paneOf(addresses?.[1]).queries[0].expr).toBe('{app="a\\"} or b.&x=1"} |= `a\\"} or b.&x=1`');
});

test('groups keep the time range, and have the links whose names they tell', () => {
  const groups = toDataFrame({
    fields: [
      { name: 'app', type: FieldType.string, values: ['web'] },
      { name: 'stops', type: FieldType.number, values: [3] },
    ],
  });
  expect(paneOf(opened({ ...LOG, key: 'app', query: '${app}' }, groups).addresses?.[0]).range).toEqual(
    request.range.raw
  );
  expect(withLinksOut(groups, [LOG, { ...LOG, key: 'app' }], request)).toBe(groups);
});

test('log lines have the links of their labels beside what is unique of them', () => {
  const lines = toDataFrame({
    fields: [
      { name: 'timestamp', type: FieldType.time, values: [AT, AT] },
      { name: 'labels', type: FieldType.other, values: [{}, { user: 'ann' }] },
      { name: 'cid', type: FieldType.string, values: ['7', '8'] },
    ],
  });
  const { column, addresses, targets } = opened(
    { title: 'Who', key: 'user', url: 'https://people.example/${user}' },
    lines
  );
  expect([column, addresses]).toEqual(['cid', ['https://people.example/', 'https://people.example/ann']]);
  expect(targets?.config.custom.hidden).toBe(true);
  expect(paneOf(opened(LOG, lines).addresses?.[0]).range.from).toBe(String(AT - 120_000));
});

test('links that lead nowhere are left out', () => {
  expect(
    withLinksOut(
      records,
      [
        { title: 'x', url: 'javascript:alert(1)' },
        { title: '', url: '/a' },
      ],
      request
    )
  ).toBe(records);
});
