/** The lab's own cluster, and what it makes happen there. */
import { behaviourNamed } from '../../lab/behaviours';
import { causeOnce } from '../../lab/cause';
import { type Cluster, startCluster } from '../../lab/cluster';
import { type Stop } from '../../lab/lab';
import { type Session, ownSession } from '../../lab/session';

const ATTEMPTS = 3;

export type LabSession = Session & { cluster: Cluster };

/** The lab's three servers, for all tests of one file. */
export function useLab(): () => LabSession {
  let session: LabSession | undefined;
  beforeAll(async () => {
    session = ownSession(await startCluster());
  });
  afterAll(() => session?.close());
  return () => {
    if (!session) {
      throw new Error('the lab runs while tests do, not before');
    }
    return session;
  };
}

/**
 * Causes a behaviour once and tells each stop as it happens: a server in lame duck takes its records with it soon
 * after. What a loaded machine keeps the lab from provoking is tried again; what it did provoke is never excused.
 */
export async function cause(
  { lab }: LabSession,
  behaviour: string,
  tell: (stop: Stop) => void = () => undefined
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    let caused = 0;
    const counted = (stop: Stop) => {
      caused += 1;
      tell(stop);
    };
    try {
      await causeOnce(behaviourNamed(behaviour), lab, counted);
      if (caused > 0) {
        return;
      }
      throw new Error(`${behaviour} caused nothing`);
    } catch (why) {
      if (caused > 0 || attempt === ATTEMPTS) {
        throw why;
      }
    }
  }
}
