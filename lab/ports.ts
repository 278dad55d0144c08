/** TCP ports of this machine. */
import net from 'node:net';

/** Ports of loopback that nobody listens to. */
export async function freePorts(count: number): Promise<number[]> {
  const listeners = await Promise.all(Array.from({ length: count }, () => listening(0, '127.0.0.1')));
  const ports = listeners.map((listener) => (listener.address() as net.AddressInfo).port);
  await Promise.all(listeners.map(closed));
  return ports;
}

/** Listens; fails with a sentence that names the port. */
export const listening = (port: number, host: string): Promise<net.Server> =>
  new Promise((resolve, reject) => {
    const listener = net.createServer();
    listener.once('error', ({ message }) => reject(new Error(`port ${port} cannot be used: ${message}`)));
    listener.listen(port, host, () => resolve(listener));
  });

export const closed = (listener: net.Server): Promise<void> =>
  new Promise((resolve) => listener.close(() => resolve()));
