/** One server no longer takes what another sends it: the route between them is a slow consumer itself. */
import { sleep } from '../wait';
import { enter } from './resident';
import { publish } from './slow-consumer';
import { type World } from './world';

export const HASTY = { write_deadline: '500ms' };

const MESSAGES = 600;
const STOPPED_MS = 2_500;

export async function run(world: World): Promise<void> {
  const [n1, n2] = [world.server(0), world.server(1)];
  const app = world.cast.app();
  const [publisher, subscriber] = world.cast.instances(app, 2);
  if (!publisher || !subscriber) {
    return;
  }
  const reader = await enter(n2, subscriber);
  reader.send(`SUB ${app.app}.feed 1\r\n`);
  await reader.flush();
  const sender = await enter(n1, publisher);
  await sleep(500); // Until n1 knows of the subscription.
  n2.signal('SIGSTOP');
  const sent = publish(sender, `${app.app}.feed`, MESSAGES);
  await sleep(STOPPED_MS);
  n2.signal('SIGCONT');
  await sent;
  world.key.happened('was stopped for 2.5 s while 39 MB were sent to it', n2.name);
  world.lasting(() => [reader, sender].forEach((client) => client.reset()));
  world.key.expect('fabric_slow', { server: n1.name });
}
