import { curlCommand, natsCommand } from './commands';
import { type Query } from './model.gen';

const query = (part: Partial<Query>): Query => ({ version: 1, queryType: 'stops', view: 'records', ...part });
const filters = [
  { key: 'category', operator: '=', values: ['slow_consumer'] },
  { key: 'account', operator: '!=', values: ["it's"] },
  { key: 'app', operator: '=', values: ['billing.eu'] },
  { key: 'server', operator: '=', values: ['n1'] },
] as Query['filters'];

test('curl and jq ask one server for the same records', () => {
  expect(curlCommand(query({ filters }), 'http://n1:8222')).toBe(
    [
      `curl -s 'http://n1:8222/connz?state=closed&auth=true&limit=100000' | jq '.connections | map(select(`,
      `(.reason | IN("Slow Consumer (Pending Bytes)", "Slow Consumer (Write Deadline)")) and `,
      String.raw`(((.account // "$G") | IN("it'\''s")) | not) and ((.name // "") | test("^billing\\.eu"))))'`,
    ].join('')
  );
});

test('groups are counted', () => {
  expect(curlCommand(query({ queryType: 'connections', view: 'table', groupBy: ['account'] }))).toBe(
    `curl -s 'http://localhost:8222/connz?state=open&auth=true&limit=100000' | ` +
      `jq '.connections | group_by((.account // "$G")) | map({group: (.[0] | [(.account // "$G")]), count: length})'`
  );
});

test('the nats command asks all servers', () => {
  expect(natsCommand(query({ filters }))).toBe(
    'nats server report connections --state closed --filter ' +
      String.raw`'conn.reason in ["Slow Consumer (Pending Bytes)","Slow Consumer (Write Deadline)"] and ` +
      String.raw`not (conn.account in ["it'\''s"]) and conn.name matches "^billing\\.eu" and server.name in ["n1"]'`
  );
});

test('servers are asked for themselves', () => {
  expect(curlCommand(query({ queryType: 'servers' }))).toContain('/varz');
  expect(natsCommand(query({ queryType: 'servers' }))).toBe('nats server list');
});
