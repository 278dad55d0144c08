import { type AnnotationQuery, type AnnotationSupport, AnnotationEventFieldSource } from '@grafana/data';
import { VERSION } from './query/defaults';
import { type NatsQuery } from './types';

/** Only what nobody meant to happen is worth a mark on every panel. */
export const DEFAULT_ANNOTATION: Omit<NatsQuery, 'refId'> = {
  version: VERSION,
  queryType: 'stops',
  view: 'records',
  filters: [{ key: 'class', operator: '=', values: ['unexpected'] }],
  limit: 200,
};

const field = (value: string) => ({ source: AnnotationEventFieldSource.Field, value });

/** A record is an event at its time that says the reason; the account is its tag. */
const MAPPINGS = { time: field('time'), text: field('reason'), tags: field('account') };

/** Records become annotations; mappings that somebody chose stay. */
export const annotationSupport: AnnotationSupport<NatsQuery> = {
  getDefaultQuery: () => DEFAULT_ANNOTATION,
  prepareAnnotation: (stored: AnnotationQuery<NatsQuery>) => ({
    ...stored,
    target: stored.target ?? { ...DEFAULT_ANNOTATION, refId: 'Anno' },
    mappings: { ...MAPPINGS, ...stored.mappings },
  }),
};
