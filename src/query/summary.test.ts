import { type Query } from './model.gen';
import { summarize } from './summary';

const unexpected = { key: 'class', operator: '=', values: ['unexpected'] } as const;

test.each<[Partial<Query>, string]>([
  [{}, 'Closed connections per interval by reason, top 50 groups'],
  [
    { view: 'timeseries', groupBy: ['reason', 'account'], filters: [{ ...unexpected, values: ['unexpected'] }] },
    'Closed connections per interval by reason and account, where class is unexpected, top 50 groups',
  ],
  [{ view: 'totals', metric: 'bytes_lost_min', groupBy: [] }, 'Bytes lost (at least), of closed connections in all'],
  [
    { view: 'table', groupBy: ['account', 'server', 'app'], limit: 5, sort: { by: 'last_seen', desc: false } },
    'Closed connections by account, server and app, oldest last seen first, top 5 groups',
  ],
  [{ view: 'timeseries', interval: '5m', groupBy: [] }, 'Closed connections per 5m in all'],
  [{ view: 'timeseries', interval: '$__interval', groupBy: [] }, 'Closed connections per interval in all'],
  [{ view: 'logs' }, 'Closed connections as log lines, newest first, at most 1,000 lines'],
  [
    { view: 'records', sort: { by: 'time', desc: false } },
    'Closed connections, one row each, oldest first, at most 1,000 rows',
  ],
  [
    { queryType: 'connections', view: 'records', sort: { by: 'rtt', desc: true } },
    'Open connections, one row each, largest round-trip time first, at most 1,000 rows',
  ],
  [
    { queryType: 'connections', view: 'records' },
    'Open connections, one row each, largest pending bytes first, at most 1,000 rows',
  ],
  [
    { queryType: 'connections', view: 'totals', metric: 'pending_bytes' },
    'Pending bytes of open connections by account and server, top 50 groups',
  ],
  [{ queryType: 'servers', view: 'totals', metric: 'answered' }, 'Answered of servers by server, top 1,000 groups'],
  [{ queryType: 'servers' }, 'Servers, one row per server, top 1,000 groups'],
  [{ queryType: 'values', key: 'app' }, 'Known values of app'],
  [
    { view: 'logs', filters: [{ key: 'account', operator: '!=|', values: ['A', 'B', 'C'] }] },
    'Closed connections as log lines, where account is none of A, B or C, newest first, at most 1,000 lines',
  ],
  [
    {
      view: 'logs',
      filters: [
        { key: 'user', operator: '!~', values: ['svc-.*'] },
        { key: 'app', operator: '=', values: [] },
      ],
    },
    'Closed connections as log lines, where user does not match svc-.*, newest first, at most 1,000 lines',
  ],
])('%j', (query, line) => {
  expect(summarize(query)).toBe(line);
});
