import { withTimezone, zoneName } from './timezone';

describe('the time zone', () => {
  it('has a name that the backend knows', () => {
    expect(zoneName('utc')).toBe('UTC');
    expect(zoneName('Europe/Berlin')).toBe('Europe/Berlin');
    expect(zoneName('browser')).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(zoneName('')).toBe(zoneName('browser'));
  });

  it('is told with intervals of the calendar, or that may become one', () => {
    for (const interval of ['1d', '2w', '1M', '1y', '$step', '${step}', '[[step]]']) {
      expect(withTimezone({ interval }, 'utc')).toEqual({ interval, timezone: 'UTC' });
    }
    for (const interval of ['auto', '1m', '90s', undefined]) {
      expect(withTimezone({ interval }, 'utc')).toEqual({ interval });
    }
  });
});
