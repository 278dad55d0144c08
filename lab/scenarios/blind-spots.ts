/** What keeps whoever reads the servers from knowing. */
import { visits } from '../clients';
import { Imitation } from '../imitation';
import { moved } from '../replies';
import { type World } from './world';

export const SMALL_RING = { max_closed_clients: 10 };

const VISITS = 200;
const AHEAD_MS = 10 * 60_000;

/** More clients leave between two reads than a server remembers. */
export async function recordsLost(world: World): Promise<void> {
  const { user, pass } = world.cast.instance(world.cast.app());
  await visits(world.server(0), VISITS, { user, pass });
  world.key.happened(`${VISITS} clients came and went, of which it remembers ${SMALL_RING.max_closed_clients}`, 'n1');
  world.key.expect('records_lost', { server: 'n1' });
}

/** A server's process stops without ending: it is there, and says nothing. */
export function silent(world: World): Promise<void> {
  const last = world.server(world.servers.length - 1);
  last.signal('SIGSTOP');
  world.lasting(() => last.signal('SIGCONT'));
  world.key.happened('was stopped', last.name);
  world.key.expect('server_silent', { server: last.name });
  return Promise.resolve();
}

/** The clock of a server is ten minutes ahead: its own answers, with the times in them changed. */
export async function wrongClock(world: World): Promise<void> {
  const server = world.server(0);
  const none = { varz: {}, open: [], closed: [], others: {} };
  const between = new Imitation(none);
  between.instead = (request, response) => {
    server.ask<object>(request.url ?? '/').then(
      (answer) => response.end(JSON.stringify(moved(answer, AHEAD_MS))),
      () => response.destroy()
    );
  };
  await between.start();
  world.lasting(() => between.stop());
  world.monitors[0] = between.url;
}

export function clockIsWrong(world: World): Promise<void> {
  world.key.happened('has a clock that is ten minutes ahead', 'n1');
  world.key.expect('clock_off', { server: 'n1' });
  return Promise.resolve();
}

/** One server of the cluster is read by nobody. */
export function forget(world: World): Promise<void> {
  world.monitors.pop();
  return Promise.resolve();
}

export function unlisted(world: World): Promise<void> {
  const last = world.server(world.servers.length - 1);
  world.key.happened('is in no list of servers', last.name);
  world.key.expect('server_unlisted', {}, { says: '1 server of cluster lab' });
  return Promise.resolve();
}
