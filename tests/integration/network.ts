/** What lies between the plugin and the servers. While it is cut, nothing passes and nobody is told. */
import net from 'node:net';

export class Network {
  private isCut = false;
  private readonly listeners: net.Server[] = [];
  private readonly sockets = new Set<net.Socket>();
  /** What waits for the network to carry again, in order. */
  private waiting: Array<() => void> = [];

  cut(): void {
    this.isCut = true;
  }

  /** What was sent meanwhile arrives now. */
  mend(): void {
    this.isCut = false;
    this.waiting.splice(0).forEach((pass) => pass());
  }

  /** The URL on this side of what listens on the other. */
  async to(url: string): Promise<string> {
    const { protocol, hostname, port } = new URL(url);
    const listener = net.createServer((near) => {
      this.keep(near);
      this.pass(() => this.connect(near, { host: hostname, port: Number(port) }));
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    this.listeners.push(listener);
    return `${protocol}//127.0.0.1:${(listener.address() as net.AddressInfo).port}`;
  }

  close(): void {
    this.listeners.forEach((listener) => listener.close());
    this.sockets.forEach((socket) => socket.destroy());
  }

  private connect(near: net.Socket, to: { host: string; port: number }): void {
    const far = net.connect(to);
    this.keep(far);
    this.carry(near, far);
    this.carry(far, near);
  }

  /** Passes on what one side says, and its end. */
  private carry(from: net.Socket, to: net.Socket): void {
    from.on('data', (chunk) => this.pass(() => to.write(chunk)));
    from.once('close', () => this.pass(() => to.end()));
  }

  private pass(action: () => void): void {
    if (this.isCut) {
      this.waiting.push(action);
    } else {
      action();
    }
  }

  private keep(socket: net.Socket): void {
    this.sockets.add(socket);
    // However it ends, its end is passed on.
    socket.on('error', () => undefined);
    socket.once('close', () => this.sockets.delete(socket));
  }
}
