/** The dashboard: why NATS connections stop. */
import {
  type Dashboard,
  AdHocVariableBuilder,
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

import plugin from '../src/plugin.json';
import { VERSION } from '../src/query/model.gen';
import { CHOSEN, DATASOURCE, DOCS, ask, one } from './ask';
import { history, numbers, totals } from './overview';
import { pending, recent, servers, topApps } from './tables';

export const DASHBOARD_UID = 'nats-connections';

function choice(key: 'account' | 'server', label: string): QueryVariableBuilder {
  return new QueryVariableBuilder(key)
    .label(label)
    .datasource(DATASOURCE)
    .query({ refId: key, version: VERSION, queryType: 'values', key })
    .definition(`values of ${key}`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

/** Lame duck and shutdown explain a wave of stops that is none of the clients' fault. */
function shutdowns(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Server shutdowns')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('blue')
    .target(
      ask({ queryType: 'stops', view: 'records', filters: [one('category', 'shutdown'), ...CHOSEN], limit: 100 })
    );
}

const alertsAndNotes = () =>
  new AnnotationQueryBuilder()
    .name('Annotations & Alerts')
    .datasource({ type: 'grafana', uid: '-- Grafana --' })
    .enable(true)
    .hide(true)
    .iconColor('rgba(0, 211, 255, 1)')
    .builtIn(1)
    .type('dashboard');

export function dashboard(): Dashboard {
  const builder = new DashboardBuilder('NATS connections: why they stopped')
    .uid(DASHBOARD_UID)
    .description('Closed and open connections of every NATS server by stop reason, account and server.')
    .tags(['nats'])
    .timezone('browser')
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type(plugin.id))
    .withVariable(choice('account', 'Account'))
    .withVariable(choice('server', 'Server'))
    .withVariable(new AdHocVariableBuilder('filters').label('Filters').datasource(DATASOURCE))
    .annotation(alertsAndNotes())
    .annotation(shutdowns())
    .link(
      new DashboardLinkBuilder('What each reason means')
        .type(DashboardLinkType.Link)
        .icon('doc')
        .tooltip('Every reason a server can give, and what to do about it')
        .url(`${DOCS}/reasons.md`)
        .targetBlank(true)
    );
  const [byReason, ...others] = totals();
  const panels = [...numbers(), history(), byReason, ...others, topApps(), pending(), recent(), servers()];
  for (const panel of panels) {
    if (panel) {
      builder.withPanel(panel);
    }
  }
  return builder.build();
}
