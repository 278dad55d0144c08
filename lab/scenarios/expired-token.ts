/** In operator mode a user's token expires, and nobody renews it. */
import { sleep, within } from '../wait';
import { type Config } from '../nats-server';
import { Operator } from './operator';
import { call } from './resident';
import { type World } from './world';

const OPERATOR = new Operator('billing');
const LIFE_MS = 2_000;
const ATTEMPTS = 8;
const PAUSE_MS = 100;
const ENDED = 'had a token that expired';

export const operatorMode = (): Config => ({ ...OPERATOR.config, accounts: undefined });

export async function run(world: World): Promise<void> {
  const app = world.cast.app('billing');
  const credentials = OPERATOR.credentials();
  const person = { ...world.cast.instance(app), user: credentials.user };
  const jwt = credentials.issue(app.app, LIFE_MS);
  const { name, lang, version } = person;
  const connects = async () => {
    const client = await call(world.server(0), person);
    const sig = credentials.sign(client.info.nonce ?? '');
    client.sendConnect({ name, lang, version, jwt, sig });
    return client;
  };
  const client = await connects();
  await client.flush();
  await within('the end of a token', client.closed);
  world.key.did(ENDED, person, world.server(0).name);
  for (let i = 0; i < ATTEMPTS; i++) {
    await within('the refusal of an old token', (await connects()).closed);
    world.key.did(ENDED, person, world.server(0).name);
    await sleep(PAUSE_MS);
  }
  world.key.expect('credentials_expiring_out', { app: app.app }, { shows: ENDED });
}
