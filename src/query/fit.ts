import { CoreApp } from '@grafana/data';
import { complete } from './defaults';
import { type Part, type Query, type View, SPECS } from './model.gen';
import { partOf } from './parts';

/** The views that a panel draws right with its default options, the best first. */
const FITS: Record<string, View[]> = {
  barchart: ['table', 'timeseries'],
  bargauge: ['totals'],
  gauge: ['totals'],
  logs: ['logs', 'events'],
  piechart: ['totals'],
  stat: ['totals', 'timeseries'],
  table: ['table', 'records', 'events'],
  timeseries: ['timeseries'],
};

const IN_RULES: View[] = ['totals', 'timeseries', 'table'];

/** Where a query is asked: Grafana's part of it, and the panel if it is one. */
export interface Place {
  app?: CoreApp | string;
  panel?: string;
}

function viewsFor({ app, panel = '' }: Place): View[] {
  return app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting ? IN_RULES : (FITS[panel] ?? []);
}

const has = ({ keys, metrics }: Part, { groupBy = [], filters = [], metric }: Query): boolean =>
  groupBy.every((key) => keys.includes(key)) &&
  filters.every(({ key }) => keys.includes(key)) &&
  (!metric || metrics.includes(metric));

/** The view that this place shows better than the chosen one; none if that is right, or the place is not known. */
export function betterView(stored: Query, place: Place): View | undefined {
  const { queryType, view } = complete(stored);
  // A view that lacks what is asked for would be another question.
  const fitting = viewsFor(place).filter(
    (one) => SPECS[queryType]?.views.includes(one) && has(partOf(queryType, one), complete(stored))
  );
  return view && fitting.length > 0 && !fitting.includes(view) ? fitting[0] : undefined;
}

/** A question in the view that its place shows best. */
export function fitted<Q extends Query>(query: Q, place: Place): Q {
  const view = betterView(query, place);
  return view ? { ...query, view } : query;
}
