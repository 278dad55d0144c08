/** Numbers and times as a person reads them. */
import { type Field, type Value } from '../frame';

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'];

function bytes(value: number): string {
  const step = value > 0 ? Math.min(BYTES.length - 1, Math.floor(Math.log10(value) / 3)) : 0;
  const scaled = value / 1000 ** step;
  return `${step === 0 ? scaled : scaled.toFixed(1)} ${BYTES[step] ?? ''}`;
}

function seconds(value: number): string {
  if (value >= 86_400) {
    return `${(value / 86_400).toFixed(1)} d`;
  }
  if (value >= 3_600) {
    return `${(value / 3_600).toFixed(1)} h`;
  }
  if (value >= 60) {
    return `${(value / 60).toFixed(1)} min`;
  }
  return value >= 1 ? `${value.toFixed(1)} s` : `${(value * 1000).toFixed(1)} ms`;
}

const clock = (value: number): string => new Date(value).toISOString().slice(11, 19);

/** The unit of numbers that are points in time, in milliseconds since 1970. */
const MOMENT = 'dateTimeAsIso';

const UNITS: Record<string, (value: number) => string> = {
  bytes,
  decbytes: bytes,
  s: seconds,
  dtdurations: seconds,
  ms: (value) => seconds(value / 1_000),
  ns: (value) => seconds(value / 1e9),
  percent: (value) => `${value.toFixed(1)} %`,
  percentunit: (value) => `${(value * 100).toFixed(1)} %`,
  [MOMENT]: (value) => (value > 0 ? clock(value) : '–'),
};

/** A point in time is nothing that a bar can show. */
export const isMoment = (field: Field): boolean => field.config?.unit === MOMENT;

/** A value in its field's unit; times as UTC clock times. */
export function shown(field: Field, value: Value | undefined): string {
  if (value === null || value === undefined) {
    return '–';
  }
  if (typeof value === 'number') {
    if (field.type === 'time') {
      return clock(value);
    }
    const format = UNITS[field.config?.unit ?? ''];
    return format ? format(value) : value.toLocaleString('en-US', { maximumFractionDigits: 2 });
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
