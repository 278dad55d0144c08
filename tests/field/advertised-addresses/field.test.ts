import net from 'node:net';

import { closed, listening } from '../../../lab/ports';
import { type NatsServer } from '../../../lab/nats-server';
import { answering } from '../../harness/answers';
import { eventually } from '../../harness/eventually';
import { usePlugin } from '../../harness/plugin';
import { ACCOUNTS, overNATS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

/** Ports where nobody says anything: what they take is held, and never answered. */
const silent: net.Server[] = [];
let dialled = 0;
beforeEach(() => {
  dialled = 0;
});
afterEach(() => Promise.all(silent.splice(0).map(closed)));

async function nowhere(): Promise<string> {
  const listener = await listening(0, '127.0.0.1');
  const held = new Set<net.Socket>();
  listener.on('connection', (socket) => {
    dialled += 1;
    held.add(socket.on('error', () => undefined));
  });
  const close = listener.close.bind(listener);
  listener.close = (done) => {
    held.forEach((socket) => socket.destroy());
    return close(done);
  };
  silent.push(listener);
  return `127.0.0.1:${(listener.address() as net.AddressInfo).port}`;
}

/** Three servers that advertise such addresses. */
async function cluster(): Promise<NatsServer[]> {
  const names = ['n1', 'n2', 'n3'];
  const advertised = new Map(await Promise.all(names.map(async (name) => [name, await nowhere()] as const)));
  // Its own ports, and what servers tell clients about each other is on.
  return servers.cluster(names, (name) => ({ ...ACCOUNTS, client_advertise: advertised.get(name) }));
}

test.each([false, true])(
  'the server restarts that we are connected to; addresses ignored: %s',
  async (ignoreDiscovered) => {
    const [n1, ...others] = await cluster();
    const source = overNATS(n1 ? [n1] : [], { ignoreDiscovered }, { timeout: 10 });
    await eventually(async () => expect(await answering(plugin(), source)).toBe(`${1 + others.length} of 3`));
    await n1?.stop();
    await n1?.start();
    const back = Date.now();
    await eventually(async () => expect(await answering(plugin(), source)).toMatch(/^[23] of 3$/));
    expect(Date.now() - back).toBeLessThan(5_000);
    if (ignoreDiscovered) {
      expect(dialled).toBe(0);
    }
  }
);
