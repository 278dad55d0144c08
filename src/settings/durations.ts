import { t } from '../texts';
import { ACCOUNT_FALLBACK, DURATIONS } from './settings.gen';

/** Seconds in a unit, as Go writes durations. */
const UNITS: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

export interface Limits {
  min: string;
  max: string;
  /** What is proposed. */
  fallback: string;
}

export const { syncEvery: SYNC_EVERY, backgroundSync: BACKGROUND_SYNC, 'keep.age': KEEP_AGE } = DURATIONS;
/** In account scope nothing cheaper than a look into the rings tells whether something stopped. */
export const ACCOUNT_SYNC_EVERY = { ...SYNC_EVERY, fallback: ACCOUNT_FALLBACK };

/** The seconds of a duration such as 30s or 1m30s; nothing if it is none. */
export function seconds(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (text === '' || parts.map(([part]) => part).join('') !== text) {
    return text === '0' ? 0 : undefined;
  }
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}

/** Why a duration cannot be used, as the backend would say it. */
export function durationProblem(text: string, { min, max, fallback }: Limits): string | undefined {
  const given = seconds(text);
  const fits = given !== undefined && given >= (seconds(min) ?? 0) && given <= (seconds(max) ?? 0);
  return fits
    ? undefined
    : t('durations.writeADurationFromMin', 'Write a duration from {{min}} to {{max}}, such as {{fallback}}.', {
        min,
        max,
        fallback,
      });
}
