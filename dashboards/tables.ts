/** The lower half: which apps, which connections, and how complete all of it is. */
import { type Builder } from '@grafana/grafana-foundation-sdk/cog';
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import { type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as table from '@grafana/grafana-foundation-sdk/table';

import { type Query } from '../src/query/model.gen';
import { CHOSEN, DATASOURCE, UNEXPECTED, ask, chosen } from './ask';
import { PANEL } from './overview';
import { column, coloured, mapped, narrows, onlyColumns } from './parts';

const MIB = 1024 * 1024;

function tablePanel(id: number, title: string, description: string, query: Omit<Query, 'version'>): table.PanelBuilder {
  return new table.PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .withTarget(ask(query));
}

/** Who to talk to. */
export function topApps(): Builder<Panel> {
  return tablePanel(
    12,
    'Apps with the most unexpected stops',
    'An app is a client’s name without its instance. Click the number for its records, an account to narrow the dashboard; then tell the app’s owner the reason.',
    {
      queryType: 'stops',
      view: 'table',
      groupBy: ['app', 'account', 'reason'],
      filters: [UNEXPECTED, ...CHOSEN],
      sort: { by: 'stops', desc: true },
      limit: 20,
    }
  )
    .withTransformation(onlyColumns('app', 'account', 'reason', 'stops', 'bytes_lost_min', 'last_seen'))
    .overrideByName('app', column('App'))
    .overrideByName('account', [...column('Account', 90), narrows('account')])
    .overrideByName('reason', column('Reason', 190))
    .overrideByName('stops', column('Stops', 70))
    .overrideByName('bytes_lost_min', column('Lost, at least', 100))
    .overrideByName('last_seen', [...column('Last seen', 100), { id: 'unit', value: 'dateTimeFromNow' }])
    .height(9)
    .span(12);
}

/** Who will be cut next. */
export function pending(): Builder<Panel> {
  return tablePanel(
    13,
    'Open connections by pending bytes',
    'Clients that read more slowly than they are sent to, the slowest first. At max_pending (64 MiB by default) the server cuts them: act before that.',
    {
      queryType: 'connections',
      view: 'records',
      filters: CHOSEN,
      sort: { by: 'pending_bytes', desc: true },
      limit: 20,
    }
  )
    .withTransformation(onlyColumns('account', 'server', 'app', 'name', 'pending_bytes', 'rtt', 'idle'))
    .overrideByName('pending_bytes', [
      ...column('Pending', 90),
      ...coloured('text', [MIB, 'orange'], [32 * MIB, 'red']),
    ])
    .overrideByName('account', [...column('Account', 100), narrows('account')])
    .overrideByName('server', [...column('Server', 80), narrows('server')])
    .overrideByName('app', column('App'))
    .overrideByName('name', column('Name'))
    .overrideByName('rtt', column('RTT', 80))
    .overrideByName('idle', column('Idle', 70))
    .sortBy([new TableSortByFieldStateBuilder().displayName('Pending').desc(true)])
    .height(9)
    .span(12);
}

/** The records themselves. */
export function recent(): Builder<Panel> {
  return tablePanel(
    15,
    'Recent unexpected stops',
    'One row per connection, newest first. Hover a reason for what to do about it, click it for the whole explanation.',
    { queryType: 'stops', view: 'records', filters: [UNEXPECTED, ...CHOSEN], limit: 200 }
  )
    .withTransformation(
      onlyColumns(
        ...['time', 'reason', 'account', 'server', 'app', 'name', 'user', 'ip', 'duration', 'bytes_lost_min'],
        ...['pending_bytes', 'rtt', 'lang', 'version', 'remedy', 'help']
      )
    )
    .overrideByName('time', column('Stopped', 170))
    .overrideByName('reason', column('Reason', 270))
    .overrideByName('account', [...column('Account', 100), narrows('account')])
    .overrideByName('server', [...column('Server', 80), narrows('server')])
    .overrideByName('app', column('App'))
    .overrideByName('name', column('Name'))
    .overrideByName('user', column('Claimed user', 110))
    .overrideByName('ip', column('IP', 120))
    .overrideByName('duration', column('Was open', 90))
    .overrideByName('bytes_lost_min', column('Lost, at least', 110))
    .overrideByName('pending_bytes', column('Pending', 90))
    .overrideByName('rtt', column('RTT', 80))
    .overrideByName('lang', column('Library', 90))
    .overrideByName('version', column('Version', 80))
    .height(10)
    .span(24);
}

/** How far all of this can be trusted. */
export function servers(): Builder<Panel> {
  return tablePanel(
    PANEL.servers,
    'Servers and how complete their records are',
    'A server keeps its last stops in memory only. No answer: check its process and monitoring port. Records lost: raise max_closed_clients. Evicted: happened before this data source first asked.',
    { queryType: 'servers', view: 'table', groupBy: ['server', 'cluster', 'version'], filters: [chosen('server')] }
  )
    .withTransformation(
      onlyColumns(
        ...['server', 'cluster', 'version', 'answered', 'open', 'total', 'uptime', 'oldest_age', 'complete_since'],
        ...['records_lost', 'evicted_before', 'endpoint', 'error']
      )
    )
    .overrideByName('server', [...column('Server', 110), narrows('server')])
    .overrideByName('cluster', column('Cluster', 90))
    .overrideByName('version', column('Version', 80))
    .overrideByName('answered', [
      ...column('Answered', 100),
      mapped({ '0': { text: 'No answer', color: 'red', index: 0 }, '1': { text: 'Yes', color: 'green', index: 1 } }),
      { id: 'custom.cellOptions', value: { type: 'color-background' } },
    ])
    .overrideByName('open', column('Open', 80))
    .overrideByName('total', column('Since start', 100))
    .overrideByName('uptime', column('Up for', 100))
    .overrideByName('oldest_age', [...column('Records reach back', 150), ...coloured('orange', [3600, 'green'])])
    .overrideByName('complete_since', column('Complete since', 180))
    .overrideByName('records_lost', [...column('Lost', 80), ...coloured('text', [1, 'red'])])
    .overrideByName('evicted_before', [...column('Evicted', 90), ...coloured('text', [1, 'yellow'])])
    .overrideByName('endpoint', column('Endpoint', 160))
    .overrideByName('error', column('Error'))
    .height(7)
    .span(24);
}
