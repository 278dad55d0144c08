/** One nats-server process with a configuration of its own. */
import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { endChild, hasEnded, spawnGuarded } from './children';
import { type Address, addressOf } from './raw-client';
import { until, within } from './wait';

const READY_MS = 30_000;
/** The shortest that servers accept for a lame duck, and a little more. */
const LAME_DUCK_MS = 40_000;

interface Loaded {
  config_load_time: string;
}

/** A configuration file's content: the syntax of NATS includes JSON. */
export type Config = Record<string, unknown>;

/** A configuration as its file holds it. */
export const printed = (config: Config): string => JSON.stringify(config).slice(1, -1);

interface Ports {
  nats?: string[];
  monitoring?: string[];
  cluster?: string[];
}

/** A running server; ports that its configuration does not name are free ones. */
export class NatsServer {
  /** Where clients connect, such as nats://127.0.0.1:4222. */
  url = '';
  /** The base URL of the monitoring endpoints. */
  monitor = '';
  /** Where other servers of the cluster connect; empty without cluster. */
  route = '';
  private child?: ChildProcess;
  private folder = '';

  private constructor(
    private binary: string,
    private said: Config
  ) {}

  static async start(binary: string, config: Config = {}): Promise<NatsServer> {
    const server = new NatsServer(binary, config);
    await server.start();
    return server;
  }

  /** Starts servers that know each other; where one does not start, none stays. */
  static async startAll(binary: string, configs: Config[]): Promise<NatsServer[]> {
    const servers = configs.map((config) => new NatsServer(binary, config));
    try {
      await Promise.all(servers.map((server) => server.start()));
      await Promise.all(servers.map((server) => server.awaitPeers(servers.length - 1)));
      return servers;
    } catch (cause) {
      await Promise.all(servers.map((server) => server.kill()));
      throw cause;
    }
  }

  /** A server that runs already, in somebody else's hands: it can be asked, and neither ended nor changed. */
  static running(name: string, url: string, monitor: string): NatsServer {
    return Object.assign(new NatsServer('', { server_name: name }), { url, monitor });
  }

  get name(): string {
    return String(this.said.server_name);
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** The clients' host and port. */
  get address(): Address {
    return addressOf(this.url);
  }

  /** Runs it, for the first time, anew, or another release; the ports stay only if the configuration names them. */
  async start(binary = this.binary): Promise<void> {
    this.binary = binary;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nats-server-'));
    const log = path.join(this.folder, 'log');
    const file = this.write();
    const child = spawnGuarded(this.binary, ['-c', file], { stdio: 'ignore' });
    this.child = child;
    const told = async () => {
      if (hasEnded(child)) {
        throw new Error('it ended at once');
      }
      return this.readPorts();
    };
    try {
      await until('a nats-server', told, READY_MS);
    } catch (cause) {
      const said = fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : '';
      await this.kill();
      throw new Error(`${String(cause)}; its log: ${said}`);
    }
  }

  /** Ends it in order; more than once does no harm. */
  async stop(): Promise<void> {
    if (this.child) {
      await endChild(this.child);
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ends it without a goodbye. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.stop();
  }

  /** Runs on with another configuration, as far as its release can change it while it runs. */
  async reload(change: Config): Promise<void> {
    const { config_load_time: before } = await this.ask<Loaded>('/varz');
    this.said = { ...this.said, ...change };
    this.write();
    this.signal('SIGHUP');
    await until(`${this.name} reading its configuration`, async () => {
      const { config_load_time: now } = await this.ask<Loaded>('/varz');
      return now === before ? undefined : true;
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Resolves when its process has ended. */
  async ended(): Promise<void> {
    if (this.child && !hasEnded(this.child)) {
      await once(this.child, 'exit');
    }
  }

  /** Waits until it has ended by itself. */
  async gone(): Promise<void> {
    await within(`the end of ${this.name}`, this.ended(), LAME_DUCK_MS);
    await this.stop();
  }

  /** It tells its clients to leave, and ends after the time that its configuration gives. */
  enterLameDuck(): void {
    this.signal('SIGUSR2');
  }

  /** What an endpoint of its monitoring says. */
  async ask<T>(endpoint: string): Promise<T> {
    // The server counts connections to its monitoring nowhere, but an open one may outlive it.
    const answer = await fetch(`${this.monitor}${endpoint}`, { headers: { Connection: 'close' } });
    return (await answer.json()) as T;
  }

  /** Waits until it knows that many others. */
  async awaitPeers(count: number): Promise<void> {
    await until(`${this.name} joining the cluster`, async () => {
      const { routes } = await this.ask<{ routes: Array<{ remote_id: string }> | null }>('/routez');
      return new Set((routes ?? []).map(({ remote_id }) => remote_id)).size >= count ? true : undefined;
    });
  }

  /** Streams are its own, and gone with it, unless a place is said. */
  private streams(): Config {
    const { jetstream } = this.said;
    return jetstream instanceof Object
      ? { jetstream: { store_dir: path.join(this.folder, 'streams'), ...jetstream } }
      : {};
  }

  private write(): string {
    const file = path.join(this.folder, 'server.conf');
    const log = path.join(this.folder, 'log');
    const base = { host: '127.0.0.1', port: -1, http: '127.0.0.1:-1', ports_file_dir: this.folder, log_file: log };
    fs.writeFileSync(file, printed({ ...base, ...this.said, ...this.streams() }));
    return file;
  }

  /** Reads the file in which the server tells its ports, once it is written. */
  private readPorts(): Promise<true | undefined> {
    const [file] = fs.readdirSync(this.folder).filter((name) => name.endsWith('.ports'));
    const ports = file ? readJson<Ports>(path.join(this.folder, file)) : undefined;
    const [url] = ports?.nats ?? [];
    const [monitor] = ports?.monitoring ?? [];
    if (!url || !monitor) {
      return Promise.resolve(undefined);
    }
    this.url = url;
    this.monitor = monitor.replace(/\/+$/, '');
    this.route = ports?.cluster?.[0] ?? '';
    return Promise.resolve(true);
  }
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined; // Still being written.
  }
}
