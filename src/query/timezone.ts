import { type Query } from './model.gen';

/** A dashboard's time zone by its name in the tz database. */
export function zoneName(timezone: string | undefined): string {
  if (timezone === undefined || timezone === '' || timezone === 'browser') {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
  return timezone === 'utc' ? 'UTC' : timezone;
}

/** Says where days, weeks, months and years begin, which only the browser knows; other intervals begin everywhere alike. */
export function withTimezone<Q extends Partial<Query>>(query: Q, timezone: string | undefined): Q {
  return /[dwMy$[]/.test(query.interval ?? '') ? { ...query, timezone: zoneName(timezone) } : query;
}
