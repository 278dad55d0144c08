/** What is now: servers, and the connections that are open. */
import { type Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type Panel } from '@grafana/grafana-foundation-sdk/dashboard';

import { BAD, WRAPPED, column, mapped, unit } from './parts';
import { type Place } from './place';
import { account, app, atLeast, exact, server, tableOf } from './table';

export const SERVERS = 14;

/** What the clients that are open now are made of. */
export const libraries = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Client libraries, open now',
    description:
      'Languages and versions of the connections that are open. A version that stands alone among the stops is a suspect: update it.',
    question: {
      queryType: 'connections',
      view: 'table',
      groupBy: ['lang', 'version', 'server'],
      filters: place.filters,
    },
    columns: [
      column('lang', 'Library'),
      column('version', 'Version', 100),
      server(place, 120),
      column('connections', 'Open', 80, exact),
    ],
    height: 7,
    span: 12,
  });

/** Who will be cut next. */
export const pending = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Open connections by pending bytes',
    description:
      'Clients that read more slowly than they are sent to, the slowest first. At max_pending (64 MiB by default) the server cuts them: act before that.',
    question: {
      queryType: 'connections',
      view: 'records',
      filters: place.filters,
      sort: { by: 'pending_bytes', desc: true },
      limit: 20,
    },
    columns: [
      column('pending_bytes', 'Pending', 100),
      app(place),
      column('name', 'Name'),
      account(place, 120),
      server(place, 90),
      column('start', 'Open since', 180),
      column('rtt', 'RTT', 80),
      column('idle', 'Idle', 80),
    ],
    height: 9,
  });

/** What is known of each server, and why it does not answer. */
export const servers = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Servers and how complete their records are',
    description:
      'A server keeps its last stops in memory only. No answer: check its process and monitoring port. Records lost: raise max_closed_clients.',
    question: {
      queryType: 'servers',
      view: 'table',
      groupBy: ['server', 'version'],
      filters: place.servers,
    },
    columns: [
      column(
        'answered',
        'Answers',
        75,
        mapped({ '0': { text: '◆ no', color: BAD, index: 0 }, '1': { text: 'yes', index: 1 } }),
        { id: 'custom.align', value: 'center' }
      ),
      column('server', 'Server', 90),
      // Why it does not answer must be read first, on a narrow screen as well.
      column('error', 'Error', undefined, WRAPPED, atLeast(220)),
      column('complete_since', 'Complete since', 165, unit('dateTimeAsIso')),
      column('records_lost', 'Lost', 60, exact),
      column('clock_offset', 'Clock off by', 95),
      column('open', 'Open', 60, exact),
      column('uptime', 'Up for', 85),
      column('version', 'Version', 75),
      column('total', 'Since start', 90, exact),
    ],
    height: 9,
  });

/** How many are open where. */
export const openByServer = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Open connections by server and account',
    description:
      'How clients are spread now. A server that has far fewer than its peers was left by its clients: look at its stops.',
    question: { queryType: 'connections', view: 'table', groupBy: ['server', 'account'], filters: place.filters },
    columns: [
      server(place),
      account(place, 160),
      column('connections', 'Open', 80, exact),
      column('pending_bytes', 'Pending', 110),
      column('subscriptions', 'Subscriptions', 110, exact),
    ],
    height: 8,
  });
