import { CoreApp } from '@grafana/data';
import {
  type Query,
  type QueryType,
  type Sort,
  type View,
  DEFAULT_GROUPS,
  DEFAULT_ROWS,
  SPECS,
  VERSION,
} from './model.gen';

/** A query that returns data at once, in the shape that its place draws best. */
export function defaultQuery(app?: CoreApp | string): Query {
  return { version: VERSION, queryType: 'stops', view: defaultView(app), groupBy: [...SPECS.stops.groupBy] };
}

function defaultView(app?: CoreApp | string): View {
  switch (app) {
    case CoreApp.UnifiedAlerting:
    case CoreApp.CloudAlerting:
      return 'totals';
    case CoreApp.Explore:
      return 'logs';
    default:
      return 'timeseries';
  }
}

/** Whether a view has one row per connection or event, so that its limit counts rows instead of groups. */
export function hasRows(view: View | undefined): boolean {
  return view === 'records' || view === 'logs' || view === 'events';
}

export function defaultLimit({ queryType, view }: Partial<Query>): number {
  const isList = hasRows(view) || queryType === 'servers' || isFindingList(queryType, view);
  return isList ? DEFAULT_ROWS : DEFAULT_GROUPS;
}

/** Whether there is one row per finding, so that nothing is grouped. */
export function isFindingList(queryType: QueryType | undefined, view: View | undefined): boolean {
  return queryType === 'findings' && view === 'table';
}

/** The order in which the backend sorts rows; none where it is by name or by the view itself. */
export function effectiveSort({ queryType, view, metric, sort }: Query): Sort | undefined {
  const columns = (view && SPECS[queryType]?.sorts[view]) ?? [];
  if (columns.length === 0 || sort || queryType === 'servers' || queryType === 'findings') {
    return columns.length > 0 ? sort : undefined;
  }
  return { by: view === 'table' && metric ? metric : columns[0], desc: true };
}

/** Fills what is absent as the backend does, so that the editor shows what will be asked. */
export function complete<Q extends Partial<Query>>(query: Q): Q & Query {
  const queryType: QueryType = query.queryType || 'stops';
  const spec = SPECS[queryType];
  return {
    ...query,
    version: query.version ?? VERSION,
    queryType,
    view: query.view || spec?.views[0],
    metric: query.metric || spec?.metrics[0],
    groupBy: query.groupBy ?? [...(spec?.groupBy ?? [])],
    filters: query.filters ?? [],
  };
}

/** Whether nothing was asked yet but what every new query asks. */
export function isUntouched({
  queryType,
  view,
  metric,
  groupBy = [],
  filters = [],
  sort,
  limit,
  interval,
}: Query): boolean {
  const isDefault = queryType === 'stops' && view !== 'table' && view !== 'records' && (!metric || metric === 'stops');
  const isPlain = filters.length === 0 && groupBy.join() === 'reason';
  return isDefault && isPlain && !sort && !limit && (!interval || interval === 'auto');
}
