/** Imitated servers for the tests of one file. */
import { type DataSource } from '../../lab/host';
import { Imitation, Recording, type Replies } from '../../lab/imitation';
import { exactTime } from '../../lab/replies';
import { dataSource } from './plugin';

export interface Imitations {
  /** Starts a server that says what the folder's `<name>.*.json` say. */
  serve(name: string): Promise<Imitation>;
  /** What the folder's files of that name say, for {@link Imitation.become}. */
  replies(name: string): Replies;
}

/** The replies of a folder, moved to now when a test begins; servers end with their test. */
export function useImitations(folder: string, reference?: string): Imitations {
  let recording: Recording | undefined;
  const running: Imitation[] = [];
  beforeEach(() => {
    recording = new Recording(folder, reference);
  });
  afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())));
  const replies = (name: string): Replies => {
    if (!recording) {
      throw new Error('replies are read when a test begins');
    }
    return recording.replies(name);
  };
  const serve = async (name: string): Promise<Imitation> => {
    const server = await new Imitation(replies(name)).start();
    running.push(server);
    return server;
  };
  return { serve, replies };
}

/** A data source that asks these servers. */
export const asking = (servers: Imitation[], jsonData: object = {}, more: Partial<DataSource> = {}): DataSource =>
  dataSource({ urls: servers.map(({ url }) => url), ...jsonData }, more);

/** How long after one another connections close, in milliseconds. */
const APART_MS = 200;

/**
 * Lets so many connections close a moment ago by the server's clock: like its newest, but for what `record` says. `ring` is
 * how many it keeps.
 */
export function closeOn(server: Imitation, count: number, record: object = {}, ring = Infinity): void {
  const { varz, closed } = server.replies;
  const like = closed.at(-1);
  for (let i = 0; i < count; i++) {
    const stop = exactTime(server.now() - (count - i) * APART_MS);
    const cid = Number(varz.total_connections) + 1;
    closed.push({ ...like, ...record, cid, start: stop, last_activity: stop, stop });
    varz.total_connections = cid;
  }
  closed.splice(0, closed.length - ring);
}

/** Empties the server's ring, as if nothing had ever connected; what was the first in it. */
export function emptied({ replies: { varz, closed } }: Imitation): object {
  const [first = {}] = closed.splice(0);
  varz.total_connections = 0;
  return first;
}
