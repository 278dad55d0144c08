/** A day's traffic: clients that stay, and everything that stops connections, each as often as its row says. */
import { BEHAVIOURS } from './behaviours';
import { type Listener, isPossible, repeat } from './cause';
import { type Lab, type LabServer } from './lab';
import { APPS, type App } from './names';
import { parseRate } from './rate';
import { sleep } from './wait';

const RECONNECT_MS = 2_000;
const PUBLISH_MS = 1_000;

/** Starts the mix; the function that it gives ends it. */
export function startMix(lab: Lab, listener: Listener): () => void {
  let running = true;
  const ends = BEHAVIOURS.filter((behaviour) => isPossible(behaviour, lab)).map((behaviour) =>
    repeat(behaviour, parseRate(behaviour.often), lab, listener)
  );
  lab.servers.forEach((server, i) => {
    // Every app has instances on two of the three servers; the partners may have few connections at all.
    const apps = APPS.filter(({ account }, j) => j % 3 !== i && (account !== 'partners' || i === 0));
    apps.forEach((app) => void stay(lab, server, app, () => running));
  });
  return () => {
    running = false;
    ends.forEach((end) => end());
  };
}

/** A client that is connected all the time and comes back after its server restarted. */
async function stay(lab: Lab, server: LabServer, app: App, running: () => boolean): Promise<void> {
  while (running()) {
    try {
      const { client } = await lab.openAs(server, app);
      client.send(`SUB ${app.app}.events 1\r\n`);
      const traffic = setInterval(() => client.send(`PUB ${app.app}.events 5\r\nhello\r\n`), PUBLISH_MS);
      await client.closed;
      clearInterval(traffic);
    } catch {
      // Its server restarts, or is full for a moment.
    }
    await sleep(RECONNECT_MS);
  }
}
