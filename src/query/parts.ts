import { type Part, type QueryType, type View, SPECS } from './model.gen';

/** The metrics and keys that a view of a query type has. */
export function partOf(queryType: QueryType, view: View | undefined): Part {
  const spec = SPECS[queryType] ?? SPECS.stops;
  return (view && spec.fewer[view]) ?? { metrics: spec.metrics, keys: spec.keys };
}
