import { complete, hasRows } from './defaults';
import { type Filter, type Query, type QueryType, type View, SPECS } from './model.gen';
import { partOf } from './parts';
import { isFollowable } from './validity';

/** What was asked before, for the way back: of each query type, and the limits of rows and of groups. */
export interface Memory {
  types: Partial<Record<QueryType, Query>>;
  limits: Partial<Record<'rows' | 'groups', number>>;
}

/** Notes what changing to another type or view would lose. */
export function remember(memory: Memory, query: Query): Memory {
  return {
    types: { ...memory.types, [query.queryType]: query },
    limits: { ...memory.limits, [counted(query.view)]: query.limit },
  };
}

/** Asks another question; keeps every part of the query that still fits, and what was asked of that type before. */
export function changeType<Q extends Query>(query: Q, queryType: QueryType, memory?: Memory): Q {
  const from = complete(query);
  const spec = SPECS[queryType];
  const before = memory?.types[queryType];
  const filters = query.filters?.filter(({ key }) => spec.keys.includes(key));
  if (before) {
    const lost = before.filters?.filter(({ key }) => !SPECS[from.queryType]?.keys.includes(key));
    const { view, metric, groupBy, sort, limit, live } = before;
    return { ...query, queryType, view, metric, groupBy, sort, limit, live, filters: joined(filters, lost) };
  }
  const view = from.view && spec.views.includes(from.view) ? from.view : spec.views[0];
  return withFittingParts(from.view, memory, {
    ...query,
    queryType,
    view,
    groupBy: from.groupBy,
    filters,
  });
}

/** Asks for another shape of the same answer; what the shape ignores stays for when the first one is wanted again. */
export function changeView<Q extends Query>(query: Q, view: View, memory?: Memory): Q {
  return withFittingParts(query.view, memory, { ...query, view });
}

function joined(kept: Filter[] = [], lost: Filter[] = []): Filter[] {
  return [...kept, ...lost];
}

function counted(view?: View): 'rows' | 'groups' {
  return hasRows(view) ? 'rows' : 'groups';
}

function withFittingParts<Q extends Query>(from: View | undefined, memory: Memory | undefined, query: Q): Q {
  const spec = SPECS[query.queryType];
  const { metrics, keys } = partOf(query.queryType, query.view);
  const sorts = (query.view && spec.sorts[query.view]) ?? [];
  // A view that is not sorted ignores the order, so it is kept for the way back.
  const sort = query.sort && sorts.length > 0 && !sorts.includes(query.sort.by) ? undefined : query.sort;
  // Twenty groups are a choice, twenty log lines would be another.
  const limit = counted(from) === counted(query.view) ? query.limit : memory?.limits[counted(query.view)];
  const change = query.view === 'totals' && query.queryType === 'stops' ? query.change : undefined;
  const live = isFollowable(query) ? query.live : undefined;
  const metric = query.metric && metrics.includes(query.metric) ? query.metric : undefined;
  // No grouping is a choice; one of which nothing is left is none.
  const groupBy = query.groupBy?.filter((key) => keys.includes(key));
  const isLost = groupBy?.length === 0 && query.groupBy?.length !== 0;
  // A filter that the view does not have stays, and is told: without it, the answer would be another.
  return { ...query, metric, groupBy: isLost ? [...spec.groupBy] : groupBy, sort, limit, change, live };
}
