import { complete } from './defaults';
import { type Query, type QueryType, type View, SPECS } from './model.gen';

/** Asks another question and keeps every part of the query that still fits. */
export function changeType<Q extends Query>(query: Q, queryType: QueryType): Q {
  const from = complete(query);
  const spec = SPECS[queryType];
  const groupBy = from.groupBy?.filter((key) => spec.keys.includes(key));
  const view = from.view && spec.views.includes(from.view) ? from.view : spec.views[0];
  return withFittingSort({
    ...query,
    queryType,
    view,
    metric: query.metric && spec.metrics.includes(query.metric) ? query.metric : undefined,
    groupBy: groupBy?.length ? groupBy : [...spec.groupBy],
    filters: query.filters?.filter(({ key }) => spec.keys.includes(key)),
  });
}

/** Asks for another shape of the same answer; interval and limit stay for when the first shape is wanted again. */
export function changeView<Q extends Query>(query: Q, view: View): Q {
  return withFittingSort({ ...query, view });
}

function withFittingSort<Q extends Query>(query: Q): Q {
  const sorts = (query.view && SPECS[query.queryType].sorts[query.view]) ?? [];
  // A view that is not sorted ignores the order, so it is kept for the way back.
  return query.sort && sorts.length > 0 && !sorts.includes(query.sort.by) ? { ...query, sort: undefined } : query;
}
