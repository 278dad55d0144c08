/** Answers of the data source as lines for a terminal. */
import { type Severity, SEVERITY_COLOURS } from '../../src/query/reasons.gen';
import { type Paint } from './colour';
import { type Field, type Frame, type Result, colourOf, fieldName } from '../frame';
import { barLines, sparkline, tableLines } from './table';
import { isMoment, shown } from './units';

export interface Screen {
  width: number;
  paint: Paint;
}

const SPARK = 36;
const MOST_ROWS = 10;

/** One query's answer, without its notices. */
export function resultLines({ error, frames = [] }: Result, screen: Screen): string[] {
  const lines = frames.flatMap((frame) => frameLines(frame, screen));
  return error ? [screen.paint(error, 'red'), ...lines] : lines;
}

/** The notices of many answers, each once: every panel of a dashboard carries the same. */
export function noticeLines(results: Result[], { paint }: Screen): string[] {
  const notices = results.flatMap(({ frames = [] }) => frames.flatMap(({ schema }) => schema.meta?.notices ?? []));
  const lines = notices.map(({ severity = 'info', text }) =>
    severity === 'info' ? paint(`i ${text}`, 'blue') : paint(`! ${text}`, 'yellow')
  );
  return [...new Set(lines)];
}

function frameLines(frame: Frame, screen: Screen): string[] {
  const { fields, meta } = frame.schema;
  if (fields.length === 0) {
    return [];
  }
  if (meta?.type?.startsWith('timeseries')) {
    return seriesLines(frame, screen);
  }
  if (meta?.type === 'numeric-wide') {
    return totalLines(frame, screen);
  }
  return meta?.type === 'log-lines' ? logLines(frame, screen) : rowLines(frame, screen);
}

const numbers = (values: unknown[] | undefined): number[] => (values ?? []).map((value) => Number(value ?? 0));

function seriesLines({ schema, data }: Frame, { width, paint }: Screen): string[] {
  const series = schema.fields
    .map((field, i) => ({ field, values: numbers(data.values[i]) }))
    .filter(({ field }) => field.type !== 'time')
    .map(({ field, values }) => ({ field, values, sum: values.reduce((a, b) => a + b, 0) }))
    .sort((a, b) => b.sum - a.sum);
  const rows = series.map(({ field, values, sum }) => {
    const colour = colourOf(field, sum);
    return [
      { text: fieldName(field) },
      { text: sparkline(values, SPARK).padEnd(Math.min(SPARK, values.length)), colour },
      { text: shown(field, sum), right: true },
    ];
  });
  return tableLines(['series', 'over time', 'sum'], rows.slice(0, MOST_ROWS), width, paint).concat(more(rows.length));
}

function totalLines({ schema, data }: Frame, { width, paint }: Screen): string[] {
  const bars = schema.fields
    .map((field, i) => ({ field, value: numbers(data.values[i])[0] ?? 0 }))
    .sort((a, b) => b.value - a.value)
    .map(({ field, value }) => ({
      name: fieldName(field),
      value: isMoment(field) ? 0 : value,
      shown: shown(field, value),
      colour: colourOf(field, value),
    }));
  const [only] = bars;
  if (only && bars.length === 1) {
    return [`${paint(only.shown, 'bold')}  ${only.name}`];
  }
  return barLines(bars.slice(0, MOST_ROWS), width, paint).concat(more(bars.length));
}

function logLines({ schema, data }: Frame, { width, paint }: Screen): string[] {
  const column = (name: string) => schema.fields.findIndex((field) => field.name === name);
  const [time, body, severity] = [column('timestamp'), column('body'), column('severity')];
  const bodies = data.values[body] ?? [];
  return bodies
    .slice(0, MOST_ROWS)
    .map((text, row) => {
      const clock = shown({ name: 'timestamp', type: 'time' }, data.values[time]?.[row]);
      const colour = SEVERITY_COLOURS[data.values[severity]?.[row] as Severity];
      return paint(`${clock}  ${String(text)}`.slice(0, width), colour);
    })
    .concat(more(bodies.length));
}

const isShown = ({ config }: Field): boolean => !config?.custom?.hideFrom?.viz;

function rowLines({ schema, data }: Frame, { width, paint }: Screen): string[] {
  const columns = schema.fields
    .map((field, i) => ({ field, values: data.values[i] ?? [] }))
    .filter(({ field, values }) => isShown(field) && values.some((value) => value !== null && value !== ''));
  const count = data.values[0]?.length ?? 0;
  const rows = Array.from({ length: Math.min(count, MOST_ROWS) }, (_, row) =>
    columns.map(({ field, values }) => {
      const value = values[row];
      const colour = value === undefined || value === null ? undefined : colourOf(field, value);
      return { text: shown(field, value), right: field.type === 'number', colour };
    })
  );
  const header = columns.map(({ field }) => fieldName(field));
  return count === 0 ? ['(no rows)'] : tableLines(header, rows, width, paint).concat(more(count));
}

const more = (count: number): string[] => (count > MOST_ROWS ? [`… and ${count - MOST_ROWS} more`] : []);
