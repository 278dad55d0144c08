/** Numbers at the top of a dashboard: one verdict each. What is not known says so, and nothing is green. */
import { type Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  VizOrientation,
  ReduceDataOptionsBuilder,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';

import { type Filter, type Metric, MAX_LIMIT } from '../src/query/model.gen';
import { DATASOURCE, UNEXPECTED, ask, math, one } from './ask';
import {
  BAD,
  DOUBTFUL,
  PLAIN,
  UNKNOWN,
  WORSE,
  mapped,
  named,
  notANumber,
  onlyColumns,
  steps,
  thresholds,
  unit,
} from './parts';
import { type Place } from './place';

function tile(id: number, title: string, description: string): stat.PanelBuilder {
  return new stat.PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit('locale')
    .noValue(UNKNOWN)
    .text(new VizTextDisplayOptionsBuilder().titleSize(13).valueSize(28))
    .textMode(BigValueTextMode.ValueAndName)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .orientation(VizOrientation.Horizontal)
    .thresholds(thresholds(PLAIN));
}

/** The data source says “short”, which writes 1,037 as 1.04 K. */
const EXACT = { stops: 'locale', bytes_lost_min: 'bytes' } as const;

/** How many, how they lie in time, and how many more than in the time before. Icons cut the title of a narrow tile. */
function counted(
  id: number,
  title: string,
  description: string,
  filters: Filter[],
  colour: string,
  metric: keyof typeof EXACT = 'stops'
): stat.PanelBuilder {
  const question = { queryType: 'stops' as const, metric, groupBy: [], filters };
  return tile(id, title, description)
    .withTarget(ask({ ...question, view: 'timeseries' }))
    .withTarget(ask({ ...question, view: 'totals', change: true }, DATASOURCE, 'B'))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['sum']))
    .interval('10s')
    .maxDataPoints(360)
    .overrideByQuery('A', [named(title.toLowerCase()), unit(EXACT[metric]), steps(PLAIN, [1, colour])]);
}

export const unexpected = (place: Place, id: number) =>
  counted(
    id,
    'Unexpected stops',
    'Connections that nobody meant to stop. The second number is how many more, or fewer, than in the time before, if that is known. The tables below say why and whose.',
    [UNEXPECTED, ...place.filters],
    WORSE
  );

export const slowConsumers = (place: Place, id: number) =>
  counted(
    id,
    'Slow consumers',
    'Clients that servers cut because they read too slowly. Core NATS messages were lost: speed the subscriber up, or use JetStream.',
    [one('category', 'slow_consumer'), ...place.filters],
    BAD
  );

export const bytesLost = (place: Place, id: number) =>
  counted(
    id,
    'Bytes lost',
    'What servers had queued for connections and threw away with them, a lower bound. More may have been lost on the way: find the apps below.',
    place.filters,
    BAD,
    'bytes_lost_min'
  ).unit('bytes');

export const open = (place: Place, id: number) =>
  tile(id, 'Open', 'Open connections now, whatever the time range. A sudden drop is worth a look at the stops below.')
    .withTarget(ask({ queryType: 'connections', view: 'totals', groupBy: [], filters: place.filters }))
    .overrideByQuery('A', [named('open now'), unit('locale')]);

/** Of how many servers how many do not answer: one is enough to mistrust the rest. */
export const silent = (place: Place, id: number) =>
  tile(
    id,
    'Servers',
    'Servers that do not answer: everything here is without them. The dashboard of servers says why they do not.'
  )
    .withTarget(
      ask({
        queryType: 'servers',
        view: 'table',
        groupBy: ['server'],
        filters: place.servers,
        limit: MAX_LIMIT,
        coverageShown: true,
      })
    )
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names: ['answered'] } } })
    .withTransformation({ id: 'reduce', options: { mode: 'seriesToRows', reducers: ['sum', 'count'] } })
    .withTransformation({
      id: 'calculateField',
      options: {
        mode: 'binary',
        alias: 'silent',
        binary: {
          left: { matcher: { id: 'byName', options: 'Count' } },
          operator: '-',
          right: { matcher: { id: 'byName', options: 'Total' } },
        },
      },
    })
    .withTransformation(onlyColumns(['silent', 'Count'])[0]!)
    .withTransformation(onlyColumns(['silent', 'Count'])[1]!)
    .overrideByName('silent', [
      named('servers do not answer'),
      steps(PLAIN, [1, BAD]),
      mapped({ '0': { text: 'none', index: 0 } }),
    ])
    .overrideByName('Count', [named('servers are known')]);

/** A tenant's promise: of the connections that were served, how many stopped though nobody meant it. */
export const budget = (place: Place, id: number) =>
  tile(
    id,
    'Budget used',
    'Unexpected stops against what the objective allows of the connections served. Above 100 % the objective is missed: see which apps and reasons use it.'
  )
    .withTarget(total([UNEXPECTED, ...place.filters], 'A'))
    .withTarget(total(place.filters, 'B'))
    .withTarget(openNow(place, 'C'))
    .withTarget(math('$A / ($B + $C) / ${allowed}', 'D'))
    .withTransformation({ id: 'filterByRefId', options: { include: 'D' } })
    .unit('percentunit')
    .decimals(1)
    .graphMode(BigValueGraphMode.None)
    .thresholds(thresholds(PLAIN, [0.5, DOUBTFUL], [1, BAD]))
    .overrideByQuery('D', [named('of what is allowed'), notANumber('nobody connected')]);

export const served = (place: Place, id: number) =>
  tile(
    id,
    'Served',
    'Connections served: those that stopped in this time, for whatever reason, and those open now. The objective counts unexpected stops against them.'
  )
    .withTarget(total(place.filters, 'B'))
    .withTarget(openNow(place, 'C'))
    .withTarget(math('$B + $C', 'D'))
    .withTransformation({ id: 'filterByRefId', options: { include: 'D' } })
    .graphMode(BigValueGraphMode.None)
    .overrideByQuery('D', [named('stopped or open')]);

const total = (filters: Filter[], refId: string) =>
  ask({ queryType: 'stops', view: 'totals', groupBy: [], filters }, DATASOURCE, refId);

const openNow = (place: Place, refId: string) =>
  ask({ queryType: 'connections', view: 'totals', groupBy: [], filters: place.filters }, DATASOURCE, refId);

/** How far all numbers can be trusted, in one place. */
export function trust(place: Place, id: number): stat.PanelBuilder {
  const of = (metric: Metric, refId: string) =>
    ask({ queryType: 'servers', view: 'totals', metric, groupBy: [], filters: place.servers }, DATASOURCE, refId);
  const table = { queryType: 'servers' as const, view: 'table' as const, groupBy: ['server' as const] };
  const onlyE = { id: 'byRefId', options: 'E' };
  return tile(
    id,
    'How far this can be trusted',
    'Servers keep their last stops in memory only. Lost: raise max_closed_clients, or refresh more often. Gone before: happened before this data source first asked. Members not in the list: servers of the cluster that are not read; add them. A clock that is off is taken out of the times shown.'
  )
    .withTarget(ask({ ...table, filters: place.servers, limit: MAX_LIMIT }, DATASOURCE, 'E'))
    .withTarget(of('records_lost', 'A'))
    .withTarget(of('evicted_before', 'B'))
    .withTarget(of('clock_offset', 'C'))
    .withTarget(of('unlisted', 'D'))
    .withTransformation({
      id: 'filterFieldsByName',
      filter: onlyE,
      options: { include: { names: ['complete_since'] } },
    })
    .withTransformation({
      id: 'reduce',
      filter: onlyE,
      options: { mode: 'reduceFields', includeTimeField: true, reducers: ['max'] },
    })
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('/.*/'))
    .text(new VizTextDisplayOptionsBuilder().titleSize(12).valueSize(15))
    .orientation(VizOrientation.Vertical)
    .graphMode(BigValueGraphMode.None)
    .overrideByName('complete_since', [named('complete since'), unit('dateTimeAsIsoNoDateIfToday')])
    .overrideByQuery('A', [named('records lost in this time'), steps(PLAIN, [1, BAD])])
    .overrideByQuery('B', [named('gone before first contact')])
    .overrideByQuery('D', [named('members not in the list'), steps(PLAIN, [1, BAD])])
    .overrideByQuery('C', [named('furthest clock'), unit('s'), steps(PLAIN, [2, DOUBTFUL])]);
}

/** Panels of one height that share a row. */
export const row = (height: number, spans: number[], panels: stat.PanelBuilder[]): Array<Builder<Panel>> =>
  panels.map((panel, index) => panel.height(height).span(spans[index] ?? 4));
