import { type AnnotationQuery } from '@grafana/data';
import { annotationSupport, DEFAULT_ANNOTATION } from './annotations';
import { isValid } from './query/validity';
import { type NatsQuery } from './types';

const prepare = (part: object) =>
  annotationSupport.prepareAnnotation?.({ name: 'Stops', enable: true, iconColor: 'red', ...part });

test.each([
  ['without a query', {}],
  ['with a query that only has its name', { target: { refId: 'Anno' } }],
])('a new annotation %s asks for unexpected stops', (_, part) => {
  const prepared: AnnotationQuery<NatsQuery> | undefined = prepare(part);
  expect(prepared?.target).toEqual({ ...DEFAULT_ANNOTATION, refId: 'Anno' });
  expect(isValid(DEFAULT_ANNOTATION)).toBe(true);
});

test.each([
  ['a stored one', { target: { refId: 'Anno', version: 1, queryType: 'stops', view: 'logs' } }],
  ["one of a dashboard of Grafana's second schema", { query: { spec: { queryType: 'stops' } } }],
])('%s is given back itself, so that Grafana does not prepare for ever', (_, part) => {
  const stored = { name: 'Stops', enable: true, iconColor: 'red', ...part } as AnnotationQuery<NatsQuery>;
  expect(annotationSupport.prepareAnnotation?.(stored)).toBe(stored);
});
