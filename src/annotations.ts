import { type AnnotationQuery, type AnnotationSupport } from '@grafana/data';
import { VERSION } from './query/model.gen';
import { type NatsQuery } from './types';

/** Only what nobody meant to happen is worth a mark on every panel. */
export const DEFAULT_ANNOTATION: Omit<NatsQuery, 'refId'> = {
  version: VERSION,
  queryType: 'stops',
  view: 'records',
  filters: [{ key: 'class', operator: '=', values: ['unexpected'] }],
  limit: 200,
};

/** Records become annotations by their fields time, text and tags, which Grafana finds by name. */
export const annotationSupport: AnnotationSupport<NatsQuery> = {
  getDefaultQuery: () => DEFAULT_ANNOTATION,
  prepareAnnotation,
};

/** Fills in a new annotation. A complete one is given back itself: Grafana prepares again whenever it gets another. */
function prepareAnnotation(stored: AnnotationQuery<NatsQuery>): AnnotationQuery<NatsQuery> {
  const isComplete = Boolean(stored.target?.queryType) || 'query' in stored;
  return isComplete ? stored : { ...stored, target: { ...DEFAULT_ANNOTATION, refId: 'Anno', ...stored.target } };
}
