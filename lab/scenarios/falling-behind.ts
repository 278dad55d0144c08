/** A subscriber that reads too slowly, whom the server keeps for now. */
import { sleep } from '../wait';
import { enter } from './resident';
import { publish, stall } from './slow-consumer';
import { type World } from './world';

// The kernel's buffers take the first part, the server keeps the rest.
export const PATIENT = { max_pending: 48 * 1024 * 1024, write_deadline: '120s' };

const STEPS = 8;
const PER_STEP = 80;
const PAUSE_MS = 700;
const BEHIND = 'was sent 40 MB and read nothing';

export async function run(world: World): Promise<void> {
  const app = world.cast.app();
  const [slow, other] = world.cast.instances(app, 2);
  if (!slow || !other) {
    return;
  }
  await world.stay(other);
  const reader = await stall(world.server(0), slow, `${app.app}.feed`);
  world.lasting(() => reader.reset());
  const publisher = await enter(world.server(0), world.cast.instance(world.cast.app(app.account)));
  world.lasting(() => publisher.reset());
  for (let step = 0; step < STEPS; step++) {
    await publish(publisher, `${app.app}.feed`, PER_STEP);
    await sleep(PAUSE_MS);
  }
  world.key.did(BEHIND, slow, world.server(0).name);
  world.key.expect('falling_behind', { account: app.account, app: app.app }, { shows: BEHIND });
}
