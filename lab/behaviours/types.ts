import { type Lab, type LabServer, type Unexplained } from '../lab';
import { type ServerName } from '../topology';

/** One way in which a connection stops. */
export interface Behaviour {
  id: string;
  /** What the client or the server does, in a few words. */
  about: string;
  /** The server's exact text. */
  reason: string;
  /** How often it happens in the realistic mix. */
  often: string;
  /** Where its limits let it happen; one of them is taken each time. */
  servers: readonly ServerName[];
  /** Set when the server's own process is needed, which a lab over the network has not. */
  needsProcess?: boolean;
  /** Causes it once. Stops whose records do not last until it is over are told at once, the others at the end. */
  cause(lab: Lab, server: LabServer, tell: (stop: Unexplained) => void): Promise<Unexplained[]>;
}

export const ANY_SERVER: readonly ServerName[] = ['n1', 'n2', 'n3'];
