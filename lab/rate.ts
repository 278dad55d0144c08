/** Rates such as `5/m`: how often a behaviour is caused. */

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds between two events at a rate such as `5/m`, `2/s` or `0.5/h`. */
export function parseRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\/([smh])$/.exec(text.trim());
  const count = Number(match?.[1]);
  const unit = match?.[2];
  if (!count || (unit !== 's' && unit !== 'm' && unit !== 'h')) {
    throw new Error(`"${text}" is no rate: write a number above 0 and a unit, such as 5/m, 2/s or 1/h`);
  }
  return UNITS[unit] / count;
}

/** The wait before the next event: random (exponential) as real incidents are, at most three times the mean. */
export function nextDelay(meanMs: number, random: () => number = Math.random): number {
  return Math.min(-Math.log(1 - random()), 3) * meanMs;
}
