/** Recorded JSON as it was: numbers that JavaScript would round stay as they were written, and times can be moved. */

/** In front of a number that is kept as text. */
const RAW = '@number:';
/** Strings are matched so that what looks like a number inside of one is none. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const PRINTED = new RegExp(`"${RAW}([^"]*)"`, 'g');
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Reads JSON; {@link printExactly} writes each number again as it was. */
export function parseExactly(json: string): unknown {
  const isExact = (token: string) => token.startsWith('"') || String(Number(token)) === token;
  const kept = json.replace(STRING_OR_NUMBER, (token) => (isExact(token) ? token : `"${RAW}${token}"`));
  return JSON.parse(kept);
}

export const printExactly = (value: unknown): string => JSON.stringify(value).replace(PRINTED, '$1');

/** The value with every time in it moved; fractions of milliseconds stay. */
export function moved(value: unknown, byMs: number): unknown {
  if (typeof value === 'string') {
    return movedTime(value, byMs);
  }
  if (Array.isArray(value)) {
    return value.map((one) => moved(one, byMs));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, moved(one, byMs)]));
  }
  return value;
}

function movedTime(text: string, byMs: number): string {
  const [, seconds, fraction = '', zone] = TIME.exec(text) ?? [];
  // The year 1 is how Go writes "never".
  if (!seconds || !zone || text.startsWith('0001-')) {
    return text;
  }
  const digits = fraction.slice(1).padEnd(9, '0');
  const at = Date.parse(`${seconds}.${digits.slice(0, 3)}${zone}`) + Math.round(byMs);
  return new Date(at).toISOString().replace('Z', `${digits.slice(3)}Z`);
}

/** What the clock shows, in milliseconds with their fractions: what happens one after the other has times one after the other. */
export const exactNow = (): number => performance.timeOrigin + performance.now();

/** A time as servers write it, to the microsecond. */
export function exactTime(ms: number): string {
  const whole = Math.floor(ms);
  const micros = String(Math.floor((ms - whole) * 1_000)).padStart(3, '0');
  return new Date(whole).toISOString().replace('Z', `${micros}Z`);
}
