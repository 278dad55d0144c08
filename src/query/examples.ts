import { translated } from '../texts';
import { type Query, VERSION } from './model.gen';

/** A question that people ask, as they ask it. */
export interface Example {
  /** What its translations are found by. */
  key: string;
  title: string;
  description: string;
  query: Query;
}

const stops = (part: Partial<Query>): Query => ({ version: VERSION, queryType: 'stops', ...part });

/** The questions of somebody on call; the editor offers them as chips. */
export const COMMON: Example[] = [
  {
    key: 'attention',
    title: 'What needs attention?',
    description: 'What is wrong, whose it is, whether it goes on, and what to do',
    query: { version: VERSION, queryType: 'findings', view: 'table' },
  },
  {
    key: 'slowConsumers',
    title: 'Slow consumers by app',
    description: 'Whose connections did servers cut because they read too slowly?',
    query: stops({
      view: 'table',
      groupBy: ['app', 'account'],
      filters: [{ key: 'category', operator: '=', values: ['slow_consumer'] }],
    }),
  },
  {
    key: 'failedLogins',
    title: 'Failed logins by user',
    description: 'Who was refused, and from where?',
    query: stops({
      view: 'table',
      groupBy: ['user', 'ip'],
      filters: [{ key: 'category', operator: '=', values: ['auth'] }],
    }),
  },
  {
    key: 'slowNow',
    title: 'Who is slow now',
    description: 'Open connections with the most bytes waiting for them',
    query: {
      version: VERSION,
      queryType: 'connections',
      view: 'records',
      sort: { by: 'pending_bytes', desc: true },
      limit: 20,
    },
  },
  {
    key: 'serversSeen',
    title: 'Are all servers seen?',
    description: 'Which server answered, and how far back its records reach',
    query: { version: VERSION, queryType: 'servers', view: 'table' },
  },
];

/** More of them, on the help page. */
export const MORE: Example[] = [
  {
    key: 'overTime',
    title: 'Stops over time by reason',
    description: 'What a new panel shows',
    query: stops({ view: 'timeseries', groupBy: ['reason'] }),
  },
  {
    key: 'unexpected',
    title: 'Only what nobody meant, by account',
    description: 'Without shutdowns, closed clients and everything else that is planned',
    query: stops({
      view: 'timeseries',
      groupBy: ['account'],
      filters: [{ key: 'class', operator: '=', values: ['unexpected'] }],
    }),
  },
  {
    key: 'bytesLost',
    title: 'Bytes lost, at least, by app',
    description: 'What servers threw away with the connections',
    query: stops({ view: 'table', metric: 'bytes_lost_min', groupBy: ['app', 'account'], limit: 20 }),
  },
  {
    key: 'lastStops',
    title: 'The last stops, without probes',
    description: 'One row each; connections that never said who they are left out',
    query: stops({ view: 'records', filters: [{ key: 'identified', operator: '=', values: ['true'] }], limit: 100 }),
  },
  {
    key: 'openByApp',
    title: 'Open connections by app',
    description: 'Who is connected now, and how often',
    query: { version: VERSION, queryType: 'connections', view: 'table', groupBy: ['app', 'account'] },
  },
  {
    key: 'serverEvents',
    title: 'What happened to servers',
    description: 'Restarts, silence, lost records and wrong clocks in the time range',
    query: { version: VERSION, queryType: 'servers', view: 'events' },
  },
];

/** How the question is asked in the language of who reads it. */
export function exampleWords({ key, title, description }: Example): Pick<Example, 'title' | 'description'> {
  return translated(`example.${key}`, { title, description });
}
