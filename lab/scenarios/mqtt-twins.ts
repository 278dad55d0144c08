/** Two MQTT devices with one client id take each other's place. */
import { mqtt } from '../behaviours/mqtt';
import { USERS, accounts } from '../topology';
import { type Config } from '../nats-server';
import { stranger } from './tls';
import { type Place } from './types';
import { type World } from './world';

const TIMES = 8;
const DEVICE = 'thermostat-7';
const REPLACED = 'was replaced by a client of the same id';

export const speaksMqtt = ({ folder, freePort }: Place): Config => ({
  jetstream: { store_dir: folder },
  mqtt: { host: '127.0.0.1', port: freePort },
  ...accounts({ orders: { jetstream: 'enabled' } }),
});

export async function run(world: World): Promise<void> {
  const [behaviour] = mqtt;
  for (let i = 0; behaviour && i < TIMES; i++) {
    for (const { account = '', user = '', name = DEVICE } of await behaviour.cause(
      world.lab,
      world.lab.server('n1'),
      () => undefined
    )) {
      const twin = { ...stranger('127.0.0.1'), account, user, name };
      world.key.did(REPLACED, twin, world.server(0).name);
    }
  }
  world.key.expect('duplicate_client', { account: USERS.orders.account }, { shows: REPLACED });
}
