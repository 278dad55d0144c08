// Outlives its parent by a moment, to end the children that the parent left behind when it crashed or was killed.
// The parent writes "+<pid>" and "-<pid>" lines; the pipe's end means that the parent is gone.
import { createInterface } from 'node:readline';

const alive = new Set();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const pid = Number(line.slice(1));
    if (line.startsWith('+')) {
      alive.add(pid);
    } else {
      alive.delete(pid);
    }
  })
  .on('close', () => {
    for (const pid of alive) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
  });
