/** A NATS connection in the bare protocol, for everything a well-behaved client library refuses to do. */
import net from 'node:net';

import { within } from './wait';

export interface Info {
  server_id: string;
  server_name: string;
  client_id: number;
  /** What a client with a key signs. */
  nonce?: string;
}

/** What a CONNECT carries, as far as the lab needs it. */
export interface ConnectOptions {
  user?: string;
  pass?: string;
  name?: string;
  lang?: string;
  version?: string;
  protocol?: number;
  headers?: boolean;
  no_responders?: boolean;
  jwt?: string;
  sig?: string;
}

export interface Address {
  host: string;
  port: number;
  /** Which of this machine's addresses the server sees, if not the usual one. */
  localAddress?: string;
}

/** The host and port of a URL such as nats://127.0.0.1:4222 or nats://[::1]:4222. */
export function addressOf(url: string): Address {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 4222) };
}

/** The protocol of one TCP connection to a NATS server. */
export class RawClient {
  /** Set when the server sent -ERR, which mostly precedes the end. */
  error?: string;
  /** What the server said first. */
  info!: Info;
  /** Whether PINGs are answered; a client that is silent is soon stale. */
  answersPings = true;
  /** Called when the server tells that it is about to shut down. */
  onLameDuck?: () => void;
  readonly closed: Promise<void>;
  private buffered = '';
  private pongWaiters: Array<() => void> = [];
  private readonly firstInfo: Promise<Info>;

  private constructor(readonly socket: net.Socket) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    this.firstInfo = new Promise((resolve, reject) => {
      socket.once('close', () => reject(new Error(this.error ?? 'the server closed the connection without INFO')));
      socket.setEncoding('latin1');
      socket.on('data', (chunk) => this.read(String(chunk), resolve));
    });
    // A reset is one of the ways in which these connections are meant to end; `closed` tells of all of them.
    socket.on('error', () => undefined);
    this.firstInfo.catch(() => undefined);
  }

  /** Whether the server ended it; a reset may overtake the -ERR that would say why. */
  get refused(): boolean {
    return this.error !== undefined || this.socket.destroyed;
  }

  /** Opens a connection and reads the server's INFO; nothing is sent yet. */
  static async open(address: Address): Promise<RawClient> {
    const client = new RawClient(net.connect({ ...address, noDelay: true }));
    client.info = await within(`INFO from ${address.host}:${address.port}`, client.firstInfo);
    return client;
  }

  /** Sends CONNECT and PING without waiting for an answer. */
  sendConnect(options: ConnectOptions): void {
    const connect = { verbose: false, pedantic: false, tls_required: false, protocol: 1, headers: true, ...options };
    this.send(`CONNECT ${JSON.stringify(connect)}\r\nPING\r\n`);
  }

  /** Sends CONNECT and waits for the PONG that says the server accepted it. */
  async connect(options: ConnectOptions): Promise<void> {
    const pong = this.nextPong();
    this.sendConnect(options);
    await within('the answer to CONNECT', Promise.race([pong, this.closed]));
    if (this.refused) {
      throw new Error(`the server refused ${options.name ?? 'the connection'}: ${this.error ?? 'it was reset'}`);
    }
  }

  /** Waits until the server has read everything sent so far. */
  async flush(): Promise<void> {
    const pong = this.nextPong();
    this.send('PING\r\n');
    await within('PONG', Promise.race([pong, this.closed]));
  }

  send(data: string | Buffer): void {
    this.socket.write(data);
  }

  /** From now on nothing is read: the kernel's buffers fill, then the server's. */
  stopReading(): void {
    this.socket.pause();
  }

  startReading(): void {
    this.socket.resume();
  }

  /** Ends as a client does that drains: the server sees the end of the stream. */
  async end(): Promise<void> {
    this.socket.end();
    await within('the end of the connection', this.closed);
  }

  /** Ends with a TCP reset, as a crashed host or a firewall does. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  private nextPong(): Promise<void> {
    return new Promise((resolve) => this.pongWaiters.push(resolve));
  }

  // Payloads are not skipped by their length: the lab's own contain no line that looks like the protocol.
  private read(chunk: string, onInfo: (info: Info) => void): void {
    const lines = (this.buffered + chunk).split('\r\n');
    this.buffered = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('INFO ')) {
        const info = JSON.parse(line.slice(5)) as Info & { ldm?: boolean };
        onInfo(info);
        if (info.ldm) {
          this.onLameDuck?.();
        }
      } else if (line === 'PING' && this.answersPings) {
        this.send('PONG\r\n');
      } else if (line === 'PONG') {
        this.pongWaiters.shift()?.();
      } else if (line.startsWith('-ERR')) {
        this.error = line.slice(5).replace(/'/g, '');
      }
    }
  }
}
