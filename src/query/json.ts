import { t } from '../texts';
import { type Query } from './model.gen';

/** What Grafana writes into every query for itself, which nobody edits here. */
const GRAFANAS = ['refId', 'datasource', 'hide', 'datasourceId', 'intervalMs', 'maxDataPoints'];

/** The query as it stands in dashboards, alert rules and repositories. */
export function toJson(query: Query): string {
  // Explore writes a key of its own into every query.
  const hidden = query.queryType === 'values' ? GRAFANAS : [...GRAFANAS, 'key'];
  const own = Object.entries(query).filter(([field]) => !hidden.includes(field));
  return JSON.stringify(Object.fromEntries(own), null, 2);
}

/** The query that the text says, in the place of the old one; a sentence if the text is no query. */
export function fromJson<Q extends Query>(text: string, old: Q): Q | { sentence: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return {
      sentence: t('json.thisIsNotJson', 'This is not JSON: {{why}}.', {
        why: error instanceof Error ? error.message : String(error),
      }),
    };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { sentence: t('json.aQueryIsAJson', 'A query is a JSON object, such as { "queryType": "stops" }.') };
  }
  const kept = Object.entries(old).filter(([field]) => GRAFANAS.includes(field));
  return { ...parsed, ...Object.fromEntries(kept) } as Q;
}
