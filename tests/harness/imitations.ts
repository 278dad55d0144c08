/** Imitated servers for the tests of one file. */
import { type DataSource } from '../../lab/host';
import { Imitation, Recording, type Replies } from '../../lab/imitation';
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
