/** Three real nats-server processes on this machine. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { buildServer } from './binary';
import { selfSigned } from './certificate';
import { NatsServer } from './nats-server';
import { closed, freePorts, listening } from './ports';
import { SERVER_NAMES, type ServerName, type ServerPlan, serverConfig } from './topology';
import { sleep } from './wait';

export interface ClusterServer {
  name: ServerName;
  nats: string;
  monitor: string;
  mqtt?: string;
  readonly pid: number;
}

export interface ClusterOptions {
  /** First of the fixed ports; free ones are chosen without. n1 takes it, n2 the next, and so on. */
  natsPort?: number;
  monitorPort?: number;
  host?: string;
  /** Starts a server again when it ended by itself, as an orchestrator does. */
  restart?: boolean;
}

export interface Cluster {
  servers: ClusterServer[];
  /** PEM of the authority that the TLS port's certificate is from. */
  ca: string;
  stop(): Promise<void>;
}

/** What an orchestrator takes to start a server again. */
const RESTART_MS = 500;

/** Starts the servers and waits until they form one cluster. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'nats-lab-'));
  const plans = await planServers(dir, options);
  const { cert, key } = selfSigned(['localhost', '127.0.0.1', ...SERVER_NAMES]);
  fs.writeFileSync(path.join(dir, 'cert.pem'), cert);
  fs.writeFileSync(path.join(dir, 'key.pem'), key, { mode: 0o600 });
  const processes = await NatsServer.startAll(await buildServer(), plans.map(serverConfig));

  let stopping = false;
  const keepRunning = async (server: NatsServer) => {
    while (!stopping) {
      await server.ended();
      await sleep(RESTART_MS);
      if (!stopping) {
        await server.stop();
        await server.start().catch(() => undefined);
      }
    }
  };
  if (options.restart) {
    processes.forEach((server) => void keepRunning(server));
  }
  const stop = async () => {
    stopping = true;
    await Promise.all(processes.map((server) => server.stop()));
    fs.rmSync(dir, { recursive: true, force: true });
  };
  return { servers: processes.map((server, i) => reachable(plans[i] as ServerPlan, server)), ca: cert, stop };
}

function reachable({ name, host, ports }: ServerPlan, server: NatsServer): ClusterServer {
  const reach = host === '0.0.0.0' ? '127.0.0.1' : host;
  return {
    name,
    nats: `nats://${reach}:${ports.nats}`,
    monitor: `http://${reach}:${ports.monitor}`,
    ...(name === 'n1' ? { mqtt: `mqtt://${reach}:${ports.mqtt}` } : {}),
    // A server that was started again has another process.
    get pid() {
      return server.pid;
    },
  };
}

async function planServers(dir: string, options: ClusterOptions): Promise<ServerPlan[]> {
  const { host = '127.0.0.1', natsPort, monitorPort } = options;
  for (const first of [natsPort, monitorPort]) {
    await Promise.all(SERVER_NAMES.map((_, i) => (first ? listening(first + i, host).then(closed) : undefined)));
  }
  const free = await freePorts(SERVER_NAMES.length * 4);
  const port = (kind: number, i: number) => free[kind * SERVER_NAMES.length + i] ?? 0;
  const routes = SERVER_NAMES.map((_, i) => `127.0.0.1:${port(0, i)}`);
  return SERVER_NAMES.map((name, i) => {
    const nats = natsPort ? natsPort + i : port(1, i);
    const monitor = monitorPort ? monitorPort + i : port(2, i);
    return { name, host, ports: { nats, monitor, cluster: port(0, i), mqtt: port(3, i) }, routes, dir };
  });
}
