/** Child processes that never outlive the lab, however it ends. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import path from 'node:path';
import { type Writable } from 'node:stream';

let guardPipe: Writable | undefined;

function guard(): Writable {
  if (!guardPipe) {
    // Detached, so that Ctrl-C in the terminal does not end it before its work is done.
    const child = spawn(process.execPath, [path.join(__dirname, 'guard.mjs')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.unref();
    guardPipe = child.stdin;
    // The pipe must not keep the lab alive: its end is the signal.
    if ('unref' in child.stdin && typeof child.stdin.unref === 'function') {
      child.stdin.unref();
    }
  }
  return guardPipe;
}

/** Starts a process that dies with this one, also when this one crashes or is killed. */
export function spawnGuarded(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  const { pid } = child;
  if (pid !== undefined) {
    guard().write(`+${pid}\n`);
    child.once('exit', () => guard().write(`-${pid}\n`));
  }
  return child;
}

export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** Ends a child, politely first; resolves when it is gone. */
export async function endChild(child: ChildProcess, patienceMs = 3_000): Promise<void> {
  if (hasEnded(child)) {
    return;
  }
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(timer);
}
