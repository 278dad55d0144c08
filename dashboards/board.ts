/** What every dashboard has: variables, marks, and links to the others. */
import {
  type Dashboard,
  AdHocVariableBuilder,
  AnnotationQueryBuilder,
  CustomVariableBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type Builder } from '@grafana/grafana-foundation-sdk/cog';

import plugin from '../src/plugin.json';
import { type Filter, VERSION } from '../src/query/model.gen';
import { CHOSEN, DATASOURCE, DOCS, ask, chosen, one } from './ask';

/** The others are found by it. */
export const TAG = 'nats-connections';

interface Spec {
  title: string;
  description: string;
  variables: Array<Parameters<DashboardBuilder['withVariable']>[0]>;
  panels: Array<Builder<Panel>>;
}

/** Keys whose values a dashboard lets people choose from. */
type Choice = 'account' | 'server' | 'app';

function choice(key: Choice, label: string, filters: Filter[]): QueryVariableBuilder {
  return new QueryVariableBuilder(key)
    .label(label)
    .datasource(DATASOURCE)
    .query({ refId: key, version: VERSION, queryType: 'values', key, filters })
    .definition(`values of ${key}`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.Disabled);
}

/** Any number of values; all of them at first. */
export const any = (key: Choice, label: string): QueryVariableBuilder =>
  choice(key, label, [])
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });

/** One value, which the dashboard is about. */
export const exactlyOne = (key: Choice, label: string, ...filters: Filter[]): QueryVariableBuilder =>
  choice(key, label, filters).multi(false).includeAll(false);

/** How much of the connections served may stop unexpectedly. */
export const allowed = (): CustomVariableBuilder =>
  new CustomVariableBuilder('allowed')
    .label('May stop unexpectedly')
    .values('0.1 % : 0.001, 0.5 % : 0.005, 1 % : 0.01, 5 % : 0.05')
    .current({ selected: true, text: '1 %', value: '0.01' });

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

/** From going down to being back: what happens to connections meanwhile has its reason in the server. */
function serverEvents(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Server events')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('purple')
    .target(ask({ queryType: 'servers', view: 'events', filters: [chosen('server')], limit: 100 }));
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

const others = () =>
  new DashboardLinkBuilder('NATS connections')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(false)
    .includeVars(true)
    .keepTime(true);

const meanings = () =>
  new DashboardLinkBuilder('What each reason means')
    .type(DashboardLinkType.Link)
    .icon('doc')
    .tooltip('Every reason a server can give, and what to do about it')
    .url(`${DOCS}/reasons.md`)
    .targetBlank(true);

export function board({ title, description, variables, panels }: Spec): Dashboard {
  const builder = new DashboardBuilder(title)
    .description(description)
    .tags(['nats', TAG])
    .timezone('browser')
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type(plugin.id))
    .annotation(alertsAndNotes())
    .annotation(shutdowns())
    .annotation(serverEvents())
    .link(others())
    .link(meanings());
  for (const variable of [...variables, new AdHocVariableBuilder('filters').label('Filters').datasource(DATASOURCE)]) {
    builder.withVariable(variable);
  }
  for (const panel of panels) {
    builder.withPanel(panel);
  }
  return builder.build();
}
