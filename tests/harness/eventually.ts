/** What servers tell a moment after it happened. */
import { sleep } from '../../lab/wait';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 10;

/** Asks until the expectations hold; fails as they did the last time. */
export async function eventually<T>(expectations: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  for (const end = Date.now() + patienceMs; ; await sleep(PAUSE_MS)) {
    try {
      return await expectations();
    } catch (cause) {
      if (Date.now() > end) {
        throw cause;
      }
    }
  }
}
