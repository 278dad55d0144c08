/** Waiting for something, with an end. */

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until there is an answer; fails with `what` when there is none in time. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, deadlineMs = 15_000): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: nothing after ${deadlineMs / 1000} s`);
    }
    await sleep(50);
  }
}

/** The promise's value, or an error naming `what` when it takes too long. */
export async function within<T>(what: string, promise: Promise<T>, deadlineMs = 15_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing after ${deadlineMs / 1000} s`)), deadlineMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
