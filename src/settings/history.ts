import { t } from '../texts';
import { type HistoryStream } from '../types';
import { DEFAULT_STREAM, KEEP_COUNT } from './settings.gen';

/** Why a stream cannot be called so, as the backend would say it. */
export const streamProblem = (name: string): string | undefined =>
  name === '' || /^[^\s.*>/\\]{1,255}$/.test(name)
    ? undefined
    : t('history.writeTheNameOfA', 'Write the name of a stream, without dots, spaces and wildcards.');

/** Why what others capture cannot be in that stream, as the backend would say it. */
export const capturedProblem = (name: string, stream: string): string | undefined =>
  name !== '' && name === (stream || DEFAULT_STREAM)
    ? t(
        'history.captureAnotherStream',
        'This is the stream of the history: write the name of the one that others capture.'
      )
    : streamProblem(name);

/** Why subjects cannot begin so, as the backend would say it. */
export const prefixProblem = (prefix: string): string | undefined =>
  prefix === '' || /^[^\s.*>$][^\s.*>]*(\.[^\s.*>]+)*$/.test(prefix)
    ? undefined
    : t('history.writeASubjectWithoutWildcards', 'Write a subject without wildcards, such as nats.connections.');

/** Why a number of records cannot be kept, as the backend would say it. */
export const countProblem = (count: number): string | undefined =>
  Number.isInteger(count) && count >= KEEP_COUNT.min && count <= KEEP_COUNT.max
    ? undefined
    : t('history.writeAWholeNumberFrom', 'Write a whole number from {{min}} to {{max}}.', {
        min: KEEP_COUNT.min,
        max: KEEP_COUNT.max,
      });

/** The history while it is off: what was written is there again after it was turned on. */
export const historyWhen = (on: boolean, before: HistoryStream | undefined): HistoryStream | undefined =>
  on ? { ...before, servers: before?.servers ?? [], auth: before?.auth ?? 'credentials' } : undefined;

/** Who reads alone makes no stream, and keeps nothing out of it. */
export const writing = (on: boolean): Partial<HistoryStream> =>
  on ? { write: undefined } : { write: false, create: undefined, private: undefined };
