/** Measuring works that take turns. */
import fs from 'node:fs';

/** Something measured, after something that is not. */
export interface Work {
  prepare?: () => Promise<unknown>;
  run: () => Promise<unknown>;
}

/**
 * Runs all works in turn, so that whatever disturbs the machine disturbs each of them; the median time of each, in
 * milliseconds.
 */
export async function interleave<Names extends string>(
  rounds: number,
  works: Record<Names, Work>
): Promise<Record<Names, number>> {
  const entries = Object.entries(works) as Array<[Names, Work]>;
  const times = entries.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, [, { prepare, run }]] of entries.entries()) {
      await prepare?.();
      const start = performance.now();
      await run();
      // The first round only warms up.
      if (round > 0) {
        times[i]?.push(performance.now() - start);
      }
    }
  }
  return Object.fromEntries(entries.map(([name], i) => [name, median(times[i] ?? [])])) as Record<Names, number>;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) {
    throw new Error('nothing was measured');
  }
  return middle;
}

/** How long processes have kept processors busy, in milliseconds; 0 where the system does not tell. */
export function processorTimeOf(pids: number[]): number {
  return pids.flatMap(threadsOf).reduce((sum, file) => sum + busy(file), 0);
}

function threadsOf(pid: number): string[] {
  const folder = `/proc/${pid}/task`;
  return fs.existsSync(folder) ? fs.readdirSync(folder).map((thread) => `${folder}/${thread}/schedstat`) : [];
}

function busy(file: string): number {
  try {
    return Number(fs.readFileSync(file, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0; // The thread ended.
  }
}
