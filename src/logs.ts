import {
  type DataFrame,
  type DataQueryRequest,
  type LogRowContextOptions,
  type LogRowModel,
  type TimeRange,
  dateTime,
  FieldType,
  LogRowContextQueryDirection,
} from '@grafana/data';
import { complete, hasRows } from './query/defaults';
import { literalFilter } from './query/interpolateFilter';
import { type Filter, type Key, DEFAULT_ROWS, VERSION } from './query/model.gen';
import { type NatsQuery } from './types';

// Explore finds the query that a volume belongs to by this prefix.
const VOLUME = 'log-volume-';

/** How far from a line its context may be. */
const CONTEXT = 60 * 60 * 1000;

/** How many lines of context are read at a time. */
const CONTEXT_LINES = 50;

/** The whole range's stops by severity, for the histogram above log lines. */
export function volumeQuery(query: NatsQuery): NatsQuery | undefined {
  const { queryType, view, filters } = complete(query);
  if (queryType !== 'stops' || !hasRows(view) || query.hide) {
    return undefined;
  }
  const { refId, datasource } = query;
  const asked = {
    version: VERSION,
    queryType,
    filters,
    view: 'timeseries',
    metric: 'stops',
    groupBy: ['severity'],
  } as const;
  return { ...asked, groupBy: [...asked.groupBy], refId: VOLUME + refId, datasource };
}

/** Explore draws one bar per frame and looks for its level in the label of that name. */
export function volumeFrames(frame: DataFrame): DataFrame[] {
  const [times, ...series] = frame.fields;
  if (!frame.refId?.startsWith(VOLUME) || times?.type !== FieldType.time) {
    return [frame];
  }
  return series.map((field) => {
    const { links, ...config } = field.config;
    const labels = { ...field.labels, level: field.labels?.severity ?? 'unknown' };
    return { ...frame, fields: [times, { ...field, config, labels }] };
  });
}

/** What else stopped on this server around a line, and what the same client did elsewhere. */
export function contextRequest(row: LogRowModel, options: LogRowContextOptions = {}): DataQueryRequest<NatsQuery> {
  const { server, account, name } = row.labels;
  const targets = [logsWhere('server', is('server', server))];
  if (name) {
    targets.push(
      logsWhere('client', is('name', name), is('account', account), { ...is('server', server), operator: '!=' })
    );
  }
  return {
    requestId: `context-${row.uid}-${options.direction ?? ''}`,
    app: 'explore',
    interval: '1m',
    intervalMs: 60_000,
    range: rangeAround(row.timeEpochMs, options),
    scopedVars: {},
    startTime: Date.now(),
    targets,
    timezone: 'browser',
  };
}

function logsWhere(refId: string, ...filters: Filter[]): NatsQuery {
  return {
    refId,
    version: VERSION,
    queryType: 'stops',
    view: 'logs',
    limit: DEFAULT_ROWS,
    filters: filters.map(literalFilter),
  };
}

function is(key: Key, value = ''): Filter {
  return { key, operator: '=', values: [value] };
}

function isForward({ direction }: LogRowContextOptions): boolean {
  return direction === LogRowContextQueryDirection.Forward;
}

function rangeAround(at: number, options: LogRowContextOptions): TimeRange {
  const from = dateTime(isForward(options) ? at : at - CONTEXT);
  const to = dateTime(isForward(options) ? at + CONTEXT : at);
  return { from, to, raw: { from, to } };
}

/** The lines nearest to the one that was asked about; lines are newest first. */
export function nearest(frame: DataFrame, options: LogRowContextOptions = {}): DataFrame {
  const count = options.limit ?? CONTEXT_LINES;
  const [start, end] = isForward(options) ? [-count, undefined] : [0, count];
  const fields = frame.fields.map((field) => ({ ...field, values: field.values.slice(start, end) }));
  return { ...frame, fields, length: fields[0]?.values.length ?? 0 };
}
