/** What happened when. */
import { type Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphDrawStyle,
  GraphGradientMode,
  LegendDisplayMode,
  LegendPlacement,
  LogsSortOrder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { type Panel, FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import * as logs from '@grafana/grafana-foundation-sdk/logs';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

import { type Filter } from '../src/query/model.gen';
import { SEVERITY_COLOURS } from '../src/query/reasons.gen';
import { DATASOURCE, type Question, UNEXPECTED, ask, math, one } from './ask';
import { BAD, MARKS_EXPLAINED, PLAIN, UNKNOWN, named, steps } from './parts';
import { type Place } from './place';

/** Ids stay the same from build to build: alert rules and links name panels by them. */
export const HISTORY = 7;

function bars(id: number, title: string, description: string): timeseries.PanelBuilder {
  return new timeseries.PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .noValue(UNKNOWN)
    .interval('10s')
    .maxDataPoints(200)
    .unit('locale')
    .drawStyle(GraphDrawStyle.Bars)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .fillOpacity(100)
    .lineWidth(0)
    .min(0)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['sum'])
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending).hideZeros(true))
    .span(24);
}

const overTime = (question: Partial<Question>, refId = 'A') =>
  ask({ queryType: 'stops', view: 'timeseries', ...question }, DATASOURCE, refId);

/** When it happened, and how bad it was. */
export const history = (place: Place, id: number, filters: Filter[] = [UNEXPECTED]): Builder<Panel> =>
  bars(
    id,
    filters.length > 0 ? 'Unexpected stops by severity' : 'Stops by severity',
    `One bar per interval. ${MARKS_EXPLAINED} Click a bar for the records of its time.`
  )
    .withTarget(overTime({ groupBy: ['severity'], filters: [...filters, ...place.filters] }))
    // That nothing stopped is neither good nor bad; severities bring their colours.
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(PLAIN))
    .height(8);

export const historyByServer = (place: Place, id: number): Builder<Panel> =>
  bars(
    id,
    'Unexpected stops by server',
    'One server alone points to its host, network or limits. All alike points to the clients.'
  )
    .withTarget(overTime({ groupBy: ['server'], filters: [UNEXPECTED, ...place.filters] }))
    .height(8);

export const lossByApp = (place: Place, id: number): Builder<Panel> =>
  bars(
    id,
    'Bytes lost to slow consumers',
    'What servers had queued and threw away, a lower bound. Apps that read too slowly: speed them up, or use JetStream.'
  )
    .withTarget(
      overTime({
        groupBy: ['app'],
        metric: 'bytes_lost_min',
        limit: 10,
        filters: [one('category', 'slow_consumer'), ...place.filters],
      })
    )
    .unit('bytes')
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Shades).fixedColor(BAD))
    .height(8);

/** Numbers that are, not that happen: lines, which end where nobody knows. */
const lineChart = (id: number, title: string, description: string) =>
  bars(id, title, description)
    .drawStyle(GraphDrawStyle.Line)
    .stacking(new StackingConfigBuilder().mode(StackingMode.None).group('A'))
    .fillOpacity(0)
    .lineWidth(1)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull'])
    )
    .height(8);

/** Of servers, from their counters. */
export const openOfServers = (place: Place, id: number): Builder<Panel> =>
  lineChart(
    id,
    'Open connections over time',
    'As each read told, since this data source is asked. A sudden drop is worth a look at what happened to the server and at its stops: a line that ends is a server that did not answer.'
  ).withTarget(
    ask({ queryType: 'servers', view: 'timeseries', metric: 'open', groupBy: ['server'], filters: place.servers })
  );

/** Of an account, wherever they are. */
export const openOfAccount = (place: Place, id: number): Builder<Panel> =>
  lineChart(
    id,
    'Open connections over time',
    'Of this account by server, while somebody looked. Known are the times at which open connections were listed: a drop on one server and a rise on the others is clients that moved.'
  ).withTarget(
    ask({
      queryType: 'connections',
      view: 'timeseries',
      metric: 'connections',
      groupBy: ['server'],
      filters: place.filters,
    })
  );

/** How fast the budget is used: 1 uses up all of it, were the whole time like this interval. */
export const burn = (place: Place, id: number): Builder<Panel> =>
  bars(
    id,
    'Burn rate of the budget',
    'The unexpected stops of each interval against what the objective allows of the connections served in it. Above 1 it is used faster than allowed: look at that time above.'
  )
    .withTarget(overTime({ groupBy: [], filters: [UNEXPECTED, ...place.filters] }))
    .withTarget(overTime({ groupBy: [], filters: place.filters }, 'B'))
    .withTarget(ask({ queryType: 'connections', view: 'totals', groupBy: [], filters: place.filters }, DATASOURCE, 'C'))
    .withTarget(math('$A / ($B + $C) / ${allowed}', 'D'))
    .withTransformation({ id: 'filterByRefId', options: { include: 'D' } })
    .unit('none')
    .gradientMode(GraphGradientMode.Scheme)
    .overrideByQuery('D', [
      named('burn rate'),
      steps(SEVERITY_COLOURS.info, [1, BAD]),
      { id: 'color', value: { mode: 'thresholds' } },
    ])
    .legend(new VizLegendOptionsBuilder().showLegend(false).displayMode(LegendDisplayMode.List).calcs([]))
    .height(7);

function logPanel(id: number, title: string, description: string, nothing: string): logs.PanelBuilder {
  return new logs.PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .noValue(nothing)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Descending)
    .height(10)
    .span(24);
}

/** The stops as log lines, which open to all that is known of each, and to the server's own log. */
export const lines = (place: Place, id: number, title: string, filters: Filter[], limit = 100): Builder<Panel> =>
  logPanel(
    id,
    title,
    'One line per connection, newest first. Open a line for all that is known of it: meaning, remedy, and links.',
    'Nothing stopped so in this time.'
  ).withTarget(ask({ queryType: 'stops', view: 'logs', filters: [...filters, ...place.filters], limit }));

/** What happened to servers, one by one. */
export const events = (place: Place, id: number): Builder<Panel> =>
  logPanel(
    id,
    'What happened to the servers',
    'First seen, restarted, another version, silent and back, lame duck, records lost, clock off. Open a line for all that is known of it; the same are the marks on the charts.',
    'Nothing is known to have happened to them in this time.'
  ).withTarget(ask({ queryType: 'servers', view: 'events', filters: place.servers, limit: 100 }));
