/** What provisioning/ ships: queries and settings that the plugin takes. */
import fs from 'node:fs';
import path from 'node:path';

import Ajv from 'ajv';
import { parse } from 'yaml';

import { readDataSource, withoutVariables } from '../../lab/demo/provisioning';
import { type Query } from '../../lab/host';
import { ask, usePlugin } from '../harness/plugin';
import { overHTTP, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const ROOT = path.join(__dirname, '../..');
const PROVISIONING = path.join(ROOT, 'provisioning');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');

const validate = new Ajv().compile(JSON.parse(read('src/schema/query.json')) as object);

/** Our queries, wherever in a document they are. */
function queriesIn(value: unknown): Query[] {
  if (Array.isArray(value)) {
    return value.flatMap(queriesIn);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const own = 'version' in value && 'queryType' in value ? [value as Query] : [];
  return [...own, ...Object.values(value).flatMap(queriesIn)];
}

const DASHBOARDS = ['provisioning/dashboards', 'src/dashboards'].flatMap((folder) =>
  fs
    .readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.json'))
    .map((name): [string, number] => [`${folder}/${name}`, 15])
);
const RULES = 'provisioning/alerting/nats-connections.yaml';

test.each([...DASHBOARDS, [RULES, 5]])('every query of %s is answered', async (file, atLeast) => {
  const queries = queriesIn(parse(read(file)));
  expect(queries.length).toBeGreaterThanOrEqual(atLeast);
  const source = overHTTP([await servers.start()]);
  for (const query of queries) {
    expect([query, validate(query), validate.errors]).toEqual([query, true, null]);
    const { error } = await ask(plugin(), source, withoutVariables({ ...query, refId: 'A' }));
    expect([query, error]).toEqual([query, undefined]);
  }
});

test('there are dashboards', () => {
  expect(DASHBOARDS.length).toBeGreaterThanOrEqual(8);
});

test('no rule needs a reduce expression', () => {
  const views = queriesIn(parse(read(RULES))).map(({ view }) => view);
  expect(new Set(views)).toEqual(new Set(['totals']));
});

const FILTER = { key: 'ip', operator: '=', values: ['x'] };

test.each<[string, Query]>([
  ['an unknown type', { queryType: 'leaves' }],
  ['an unknown view', { queryType: 'servers', view: 'logs' }],
  ['an unknown key', { queryType: 'stops', groupBy: ['colour'] }],
  ['a key of another type', { queryType: 'servers', groupBy: ['reason'] }],
  ['an unknown operator', { queryType: 'stops', filters: [{ ...FILTER, operator: '~' }] }],
  ['an empty filter', { queryType: 'stops', filters: [{ ...FILTER, values: [] }] }],
  ['an unknown sort', { queryType: 'stops', view: 'records', sort: { by: 'luck', desc: true } }],
  ['a limit below zero', { queryType: 'stops', limit: -1 }],
  ['a later version', { queryType: 'stops', version: 2 }],
  ['values of nothing', { queryType: 'values' }],
])('%s is noticed by the plugin and by the schema', async (_, query) => {
  const source = overHTTP([await servers.start()]);
  expect((await ask(plugin(), source, query)).status).toBe(400);
  expect(validate({ version: 1, ...query })).toBe(false);
});

const SHIPPED = parse(read('provisioning/datasources/nats-connections.yaml')).datasources as Array<{
  jsonData: { urls: string[] };
}>;

test('the one provisioned data source can be used', async () => {
  expect(SHIPPED).toHaveLength(1);
  const [{ jsonData } = { jsonData: { urls: [] } }] = SHIPPED;
  const n1 = await servers.start();
  const source = readDataSource(PROVISIONING, [n1.monitor]);
  expect(source.jsonData).toEqual({ ...jsonData, urls: [n1.monitor] });
  expect(await plugin().health(source)).toMatchObject({ status: 'OK' });
  // Its own servers are asked, wherever they are.
  const { message } = await plugin().health({ ...source, uid: 'shipped', jsonData });
  expect(message).toContain(`of ${jsonData.urls.length} servers answered`);
});
