import {
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type MetricFindValue,
  type TimeRange,
  CoreApp,
  getDefaultTimeRange,
} from '@grafana/data';
import { lastValueFrom, type Observable } from 'rxjs';
import { t } from './texts';
import { type NatsQuery } from './types';

/** A value of a key, and how many kept stops have it, if that is known. */
export interface Seen extends MetricFindValue {
  stops?: number;
}

type Ask = (request: DataQueryRequest<NatsQuery>) => Observable<DataQueryResponse>;

let asked = 0;

/** Asks a values query and reads its frame; a refusal becomes an error with the backend's sentence. */
export async function fetchValues(
  ask: Ask,
  target: NatsQuery,
  range: TimeRange = getDefaultTimeRange()
): Promise<Seen[]> {
  const response = await lastValueFrom(ask(requestFor(target, range)));
  const error = response.errors?.[0] ?? undefined;
  if (error) {
    throw new Error(
      error.message ?? error.data?.message ?? t('values.couldNotBeRead', 'The values could not be read.')
    );
  }
  return valuesIn(response.data);
}

function requestFor(target: NatsQuery, range: TimeRange): DataQueryRequest<NatsQuery> {
  return {
    requestId: `values-${target.key}-${++asked}`,
    app: CoreApp.Unknown,
    interval: '1m',
    intervalMs: 60_000,
    range,
    scopedVars: {},
    startTime: Date.now(),
    targets: [target],
    timezone: 'browser',
  };
}

/** The frame has the string fields text and value, and mostly the number of stops. */
export function valuesIn(frames: DataFrame[]): Seen[] {
  return frames.flatMap(({ fields }) => {
    const named = (wanted: string) => fields.find(({ name }) => name === wanted)?.values;
    const values = named('value') ?? [];
    const texts = named('text') ?? values;
    const stops = named('stops');
    return Array.from(values, (value, index) => ({
      text: String(texts[index]),
      value: String(value),
      ...(stops && { stops: Number(stops[index]) }),
    }));
  });
}
