/** The servers' own records, to compare with what was caused. */
import { type Stop } from './lab';
import { until } from './wait';

export interface ClosedRecord {
  cid: number;
  reason: string;
  name?: string;
  account?: string;
  authorized_user?: string;
  pending_bytes: number;
}

interface Connz {
  server_id: string;
  connections: ClosedRecord[] | null;
}

/** Waits for the record of one stop. */
export async function recordOf(
  monitors: string[],
  stop: Pick<Stop, 'server' | 'server_id' | 'cid'>
): Promise<ClosedRecord> {
  return until(`the record of ${stop.server}/${stop.cid}`, async () => {
    for (const monitor of monitors) {
      const connz = await closed(monitor, stop.cid);
      const record = connz?.server_id === stop.server_id ? connz.connections?.[0] : undefined;
      if (record) {
        return record;
      }
    }
    return undefined;
  });
}

async function closed(monitor: string, cid: number): Promise<Connz | undefined> {
  try {
    const answer = await fetch(`${monitor}/connz?state=closed&auth=true&cid=${cid}`);
    return (await answer.json()) as Connz;
  } catch {
    return undefined; // A server that restarts does not answer for a while.
  }
}
