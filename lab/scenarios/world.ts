/** The servers of a scenario, with neighbours who do nothing wrong, and what lasts until the scenario is over. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { buildServer } from '../binary';
import { Lab } from '../lab';
import { type Config, NatsServer } from '../nats-server';
import { freePorts } from '../ports';
import { CLUSTER, LAME_DUCK, SERVER_NAMES, accounts } from '../topology';
import { Cast } from './cast';
import { Key } from './key';
import { Resident } from './resident';
import { type Scenario } from './types';

/** Whose the apps are that only do their work. */
const NEIGHBOURS = ['orders', 'analytics', 'orders', 'analytics'] as const;
const PORTS = 4;

export interface WorldOptions {
  /** What servers are, and what they become when they are upgraded; the release that go.mod pins if nothing is said. */
  binary?: string;
  newer?: string;
  natsPort?: number;
  monitorPort?: number;
}

/** What of a scenario its servers depend on; a mix has that of several. */
export type Needs = Pick<Scenario, 'servers' | 'config'>;

export class World {
  readonly cast = new Cast();
  readonly key = new Key();
  /** Where servers are read: their monitoring, unless a scenario puts something in between. */
  readonly monitors: string[];
  readonly neighbours: Resident[] = [];
  private readonly ends: Array<() => unknown> = [];

  private constructor(
    readonly servers: NatsServer[],
    readonly lab: Lab,
    /** What servers become when they are upgraded. */
    readonly newer: string,
    private readonly folder: string
  ) {
    this.monitors = servers.map(({ monitor }) => monitor);
  }

  static async start(needs: Needs, options: WorldOptions = {}): Promise<World> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nats-scenario-'));
    const binary = options.binary ?? (await buildServer());
    const configs = await configsOf(needs, folder, options);
    const servers = await NatsServer.startAll(binary, configs);
    const mqtt = (configs[0]?.mqtt as { port?: number } | undefined)?.port;
    const lab = new Lab(
      servers.map(({ url }, i) => ({
        name: SERVER_NAMES[i] ?? 'n1',
        url,
        ...(mqtt && i === 0 ? { mqtt: `mqtt://127.0.0.1:${mqtt}` } : {}),
      }))
    );
    return new World(servers, lab, options.newer ?? binary, folder);
  }

  /** The servers of a lab that runs already. */
  static attach(lab: Lab, monitors: string[]): World {
    const servers = lab.servers.map(({ name, url }, i) => NatsServer.running(name, url, monitors[i] ?? ''));
    return new World(servers, lab, '', '');
  }

  server(i: number): NatsServer {
    const server = this.servers[i];
    if (!server) {
      throw new Error(`this world has ${this.servers.length} servers, not ${i + 1}`);
    }
    return server;
  }

  /** Well-behaved apps, some instances of each on every server. */
  async settle(): Promise<void> {
    for (const account of NEIGHBOURS) {
      const people = this.cast.instances(this.cast.app(account), this.servers.length);
      this.neighbours.push(...(await Promise.all(people.map((person, j) => this.stay(person, j)))));
    }
  }

  /** A client that is there from now on, first on that server; it goes to another when it must. */
  async stay(person: Resident['person'], first = 0): Promise<Resident> {
    const servers = this.servers.map((_, i) => this.server((first + i) % this.servers.length));
    const resident = new Resident(person, servers);
    this.lasting(() => resident.drop());
    await resident.arrived();
    return resident;
  }

  /** Has this done when the scenario is over. */
  lasting(end: () => unknown): void {
    this.ends.unshift(end);
  }

  async close(): Promise<void> {
    await Promise.all(this.ends.splice(0).map((end) => end()));
    await this.lab.close();
    await Promise.all(this.servers.map((server) => server.kill()));
    if (this.folder) {
      fs.rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

async function configsOf({ servers = SERVER_NAMES.length, config }: Needs, folder: string, options: WorldOptions) {
  const ports = await freePorts(servers * PORTS);
  const of = (kind: number) => ports.slice(kind * servers, (kind + 1) * servers);
  const [routes, clients, monitors, spare] = [of(0), of(1), of(2), of(3)];
  return SERVER_NAMES.slice(0, servers).map((name, i): Config => {
    const own = path.join(folder, name);
    const cluster = {
      name: CLUSTER,
      listen: `127.0.0.1:${routes[i]}`,
      routes: routes.map((port) => `nats://127.0.0.1:${port}`),
    };
    return {
      server_name: name,
      port: options.natsPort ? options.natsPort + i : clients[i],
      http: `127.0.0.1:${options.monitorPort ? options.monitorPort + i : monitors[i]}`,
      ...(servers > 1 ? { cluster } : {}),
      ...LAME_DUCK,
      ...accounts(),
      ...config?.({ name, folder: own, freePort: spare[i] ?? 0 }),
    };
  });
}
