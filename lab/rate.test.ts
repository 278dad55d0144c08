import { nextDelay, parseRate } from './rate';

describe('parseRate', () => {
  it.each([
    ['5/m', 12_000],
    ['2/s', 500],
    ['0.5/h', 7_200_000],
    [' 1/m ', 60_000],
  ])('%s is one every %d ms', (text, ms) => {
    expect(parseRate(text)).toBe(ms);
  });

  it.each(['', '5', 'm', '0/m', '-1/m', '5/d', '5 per minute'])('refuses "%s" and says what a rate is', (text) => {
    expect(() => parseRate(text)).toThrow(/is no rate: write a number/);
  });
});

describe('nextDelay', () => {
  it('is exponential around the mean, and never longer than three means', () => {
    expect(nextDelay(1_000, () => 0)).toBeCloseTo(0);
    expect(nextDelay(1_000, () => 1 - Math.exp(-1))).toBeCloseTo(1_000);
    expect(nextDelay(1_000, () => 0.999999)).toBe(3_000);
  });
});
