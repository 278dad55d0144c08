// What Grafana measures is told to the backend with the request, so its own interval and its kin mean auto there.
const GRAFANA_INTERVAL = /^(?:\$|\$\{|\[\[)__(?:rate_)?interval(?:_ms)?(?::\w+)?[}\]]*(?:ms)?$/;

const DATE_UNITS: Record<string, number> = { d: 86_400, w: 604_800, M: 2_629_800, y: 31_557_600 };
const UNITS: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3_600 };

export const SHORTEST_INTERVAL = '1s';

export function isAuto(interval: string): boolean {
  return interval === '' || interval === 'auto' || GRAFANA_INTERVAL.test(interval);
}

/** How many seconds a duration lasts, as the backend reads it; undefined for what is none. */
export function secondsOf(duration: string): number | undefined {
  const [, count, dateUnit] = /^(\d+)([dwMy])$/.exec(duration) ?? [];
  if (count && dateUnit) {
    return Number(count) * DATE_UNITS[dateUnit];
  }
  if (!/^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(duration)) {
    return undefined;
  }
  const parts = [...duration.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  const seconds = parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
  return duration.startsWith('-') ? -seconds : seconds;
}
