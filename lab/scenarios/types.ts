import { type Config } from '../nats-server';
import { type World } from './world';

/** What a server of a scenario has that others do not share. */
export interface Place {
  name: string;
  /** A folder of its own. */
  folder: string;
  /** A port that nobody listens to. */
  freePort: number;
}

/** Something that goes wrong, or goes well, in a NATS system: with real servers and clients, within seconds. */
export interface Scenario {
  id: string;
  /** What happens, in a sentence. */
  about: string;
  /** The findings that must appear; nothing above `info` else may. Empty where all is well. */
  finds: readonly string[];
  /** How many servers there are; three if it does not say. */
  servers?: number;
  config?: (place: Place) => Config;
  /** The release that servers have in the beginning, where they are upgraded. */
  upgradesFrom?: string;
  /** Set when its servers let nobody in whom it does not bring. */
  strict?: true;
  /** Set when it cannot happen beside others in the same servers. */
  alone?: true;
  /** What has to be before anybody reads. */
  prepare?: (world: World) => Promise<void>;
  /** Lets it happen. What lasts, such as open connections, lasts until the world ends. */
  run: (world: World) => Promise<void>;
}
