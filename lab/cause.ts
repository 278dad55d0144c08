/** Causing behaviours: once, or again and again. */
import { type Behaviour } from './behaviours/types';
import { type Lab, type Stop, type Unexplained } from './lab';
import { nextDelay } from './rate';
import { sleep } from './wait';

/** Told about every stop, and about behaviours that did not happen. */
export interface Listener {
  stopped(behaviour: Behaviour, stop: Stop): void;
  failed(behaviour: Behaviour, why: string): void;
}

/** Whether a behaviour can happen here. */
export function isPossible({ needsProcess, servers }: Behaviour, lab: Lab): boolean {
  return !needsProcess || servers.some((name) => lab.server(name).pid !== undefined);
}

/** Causes a behaviour once, on one of the servers where it can happen; every stop is told as soon as it is recorded. */
export async function causeOnce(behaviour: Behaviour, lab: Lab, tell: (stop: Stop) => void): Promise<void> {
  const names = behaviour.servers;
  const name = names[Math.floor(Math.random() * names.length)] ?? 'n1';
  const withReason = (stop: Unexplained) => tell({ ...stop, reason: behaviour.reason });
  const stops = await behaviour.cause(lab, lab.server(name), withReason);
  stops.forEach(withReason);
}

/** Causes it once and tells the listener; a failure is told, too, since a server may just be restarting. */
export async function tryOnce(behaviour: Behaviour, lab: Lab, listener: Listener): Promise<void> {
  try {
    await causeOnce(behaviour, lab, (stop) => listener.stopped(behaviour, stop));
  } catch (cause) {
    listener.failed(behaviour, cause instanceof Error ? cause.message : String(cause));
  }
}

/** Causes a behaviour again and again; the function that it gives ends it. */
export function repeat(behaviour: Behaviour, meanMs: number, lab: Lab, listener: Listener): () => void {
  let running = true;
  const loop = async () => {
    while (running) {
      await sleep(nextDelay(meanMs));
      if (running) {
        await tryOnce(behaviour, lab, listener);
      }
    }
  };
  void loop();
  return () => {
    running = false;
  };
}
