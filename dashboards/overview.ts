/** The upper half: how bad it is now, what stopped when and why, and whose it was. */
import { type Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { type Panel, MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import * as piechart from '@grafana/grafana-foundation-sdk/piechart';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

import { type Key, type Query, MAX_LIMIT } from '../src/query/model.gen';
import { type Category } from '../src/query/reasons.gen';
import { CHOSEN, DATASOURCE, UNEXPECTED, ask, chosen, one } from './ask';
import { fixedColour, thresholds } from './parts';

/** Colours that say the same as those of reasons: red for loss, orange for limits, yellow for faults, green for peace. */
const CATEGORY_COLOURS: Record<Category, string> = {
  slow_consumer: 'red',
  limits: 'orange',
  config: 'dark-orange',
  auth: 'yellow',
  timeout: 'dark-yellow',
  network: 'light-yellow',
  tls: 'semi-dark-yellow',
  protocol: 'super-light-yellow',
  client: 'green',
  shutdown: 'dark-green',
  admin: 'light-green',
  cluster: 'super-light-green',
  unknown: 'purple',
};

/** Ids stay the same from build to build: alert rules and links name panels by them. */
export const PANEL = { history: 7, servers: 14 } as const;

function number(id: number, title: string, description: string, query: Omit<Query, 'version'>): stat.PanelBuilder {
  return new stat.PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .withTarget(ask({ view: 'totals', groupBy: [], ...query }))
    .textMode(BigValueTextMode.Value)
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .height(3)
    .span(8);
}

/** Whether each of the servers answers: of how many does not matter, one missing is enough to mistrust the rest. */
function answering(): stat.PanelBuilder {
  return number(
    5,
    'Servers',
    'Whether every server’s monitoring endpoint answers. When one does not, everything here is without it: see the servers below.',
    { queryType: 'servers', metric: 'answered', groupBy: ['server'], filters: [chosen('server')], limit: MAX_LIMIT }
  )
    .withTransformation({
      id: 'calculateField',
      options: { mode: 'reduceRow', reduce: { reducer: 'min' }, alias: 'answering', replaceFields: true },
    })
    .mappings([
      {
        type: MappingType.ValueToText,
        options: {
          '0': { text: 'no answer', color: 'red', index: 0 },
          '1': { text: 'all answer', color: 'green', index: 1 },
        },
      },
    ]);
}

/** One number each, coloured when somebody should look. */
export function numbers(): Array<Builder<Panel>> {
  return [
    number(
      1,
      'Unexpected',
      'Connections that nobody meant to stop, in the time range. Click to see them; the panels below say why.',
      { queryType: 'stops', filters: [UNEXPECTED, ...CHOSEN] }
    ).thresholds(thresholds('green', [1, 'orange'])),
    number(
      2,
      'Slow consumers',
      'Clients that servers cut because they read too slowly. Core NATS messages were lost: speed the subscriber up, or use JetStream.',
      { queryType: 'stops', filters: [one('category', 'slow_consumer'), ...CHOSEN] }
    ).thresholds(thresholds('green', [1, 'red'])),
    number(
      3,
      'Bytes lost',
      'What servers had queued for connections and threw away with them, a lower bound. More may have been lost on the way: find the apps below.',
      { queryType: 'stops', metric: 'bytes_lost_min', filters: CHOSEN }
    ).thresholds(thresholds('green', [1, 'red'])),
    number(4, 'Open', 'Client connections open now. A sudden drop is worth a look at the stops below.', {
      queryType: 'connections',
      filters: CHOSEN,
    }).thresholds(thresholds('blue')),
    answering(),
    number(
      6,
      'Records lost',
      'Stops in the time range whose records servers overwrote before they were read. Raise max_closed_clients, or refresh more often.',
      { queryType: 'servers', metric: 'records_lost', filters: [chosen('server')] }
    ).thresholds(thresholds('green', [1, 'red'])),
  ];
}

const legend = () =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Right)
    .showLegend(true)
    .calcs(['sum'])
    .sortBy('Total')
    .sortDesc(true);

/** When it happened, and why. */
export function history(): Builder<Panel> {
  return new timeseries.PanelBuilder()
    .id(PANEL.history)
    .title('Unexpected stops by reason')
    .description(
      'Red: messages were lost. Orange: a limit. Yellow: a fault of client, network or credentials. Click a bar for its records.'
    )
    .datasource(DATASOURCE)
    .withTarget(ask({ queryType: 'stops', view: 'timeseries', groupBy: ['reason'], filters: [UNEXPECTED, ...CHOSEN] }))
    .interval('10s')
    .maxDataPoints(200)
    .drawStyle(GraphDrawStyle.Bars)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .fillOpacity(80)
    .lineWidth(0)
    .min(0)
    .decimals(0)
    .axisLabel('stops')
    .legend(legend())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending).hideZeros(true))
    .height(9)
    .span(16);
}

function bars(id: number, title: string, description: string, key: Key): bargauge.PanelBuilder {
  return new bargauge.PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .withTarget(
      ask({ queryType: 'stops', view: 'totals', groupBy: [key], filters: [UNEXPECTED, ...CHOSEN], limit: 15 })
    )
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Color)
    .showUnfilled(false)
    .sizing(BarGaugeSizing.Manual)
    .minVizHeight(18)
    .maxVizHeight(28)
    .namePlacement(BarGaugeNamePlacement.Left)
    .text(new VizTextDisplayOptionsBuilder().titleSize(13).valueSize(15))
    .min(0)
    .decimals(0);
}

/** Whose it was. */
export function totals(): Array<Builder<Panel>> {
  return [
    bars(
      8,
      'By reason',
      'The commonest reasons first. Click one for its records; each record says what to do about it.',
      'reason'
    )
      .height(9)
      .span(8),
    bars(
      9,
      'By account',
      'Whose connections stopped. One account alone points to its credentials, limits or subscribers: tell its owner.',
      'account'
    )
      .thresholds(thresholds('blue'))
      .height(8)
      .span(8),
    bars(
      10,
      'By server',
      'Where they stopped. One server alone points to its host, network or limits; all alike points to the clients.',
      'server'
    )
      .thresholds(thresholds('blue'))
      .height(8)
      .span(8),
    categories(),
  ];
}

function categories(): Builder<Panel> {
  const panel = new piechart.PanelBuilder()
    .id(11)
    .title('Every stop by category')
    .description('Planned stops included. A growing share of anything but client and shutdown deserves a look.')
    .datasource(DATASOURCE)
    .withTarget(ask({ queryType: 'stops', view: 'totals', groupBy: ['category'], filters: CHOSEN }))
    .pieType(piechart.PieChartType.Donut)
    .decimals(0)
    .legend(
      new piechart.PieChartLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Right)
        .showLegend(true)
        .values([piechart.PieChartLegendValues.Value, piechart.PieChartLegendValues.Percent])
    )
    .height(8)
    .span(8);
  for (const [category, colour] of Object.entries(CATEGORY_COLOURS)) {
    panel.overrideByName(category, [fixedColour(colour)]);
  }
  return panel;
}
