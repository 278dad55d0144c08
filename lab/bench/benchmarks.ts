/** Go's own benchmarks, which lie beside the code: run, and read. */
import { go } from '../binary';
import { median } from './work';

/** The medians of one benchmark by unit, such as `ns/op`. */
export type Numbers = Map<string, number>;

const LINE = /^(Benchmark\S+?)(?:-\d+)?\s+\d+\s+(.*)$/;

/** Runs the benchmarks of packages that match, some times over; by name. */
export async function benchmarks(
  packages: string[],
  pattern: string,
  { count, time }: { count: number; time: string }
): Promise<Map<string, Numbers>> {
  const args = ['test', '-run', '^$', '-bench', pattern, '-count', `${count}`, '-benchtime', time, '-benchmem'];
  return read(await go([...args, ...packages]));
}

/** Reads what `go test -bench` printed. */
export function read(output: string): Map<string, Numbers> {
  const samples = new Map<string, Map<string, number[]>>();
  for (const line of output.split('\n')) {
    const [, name, numbers] = LINE.exec(line) ?? [];
    if (name && numbers) {
      const units = samples.get(name) ?? new Map<string, number[]>();
      samples.set(name, units);
      const parts = numbers.trim().split(/\s+/);
      for (let i = 0; i + 1 < parts.length; i += 2) {
        const [value, unit = ''] = [Number(parts[i]), parts[i + 1]];
        units.set(unit, [...(units.get(unit) ?? []), value]);
      }
    }
  }
  return new Map(
    [...samples].map(([name, units]) => [name, new Map([...units].map(([unit, values]) => [unit, median(values)]))])
  );
}

/** One number of one benchmark; a benchmark that is not there is an error. */
export function numberOf(measured: Map<string, Numbers>, name: string, unit: string): number {
  const value = measured.get(name)?.get(unit);
  if (value === undefined) {
    throw new Error(`no benchmark ${name} told ${unit}; there are ${[...measured.keys()].join(', ')}`);
  }
  return value;
}
