/** Three real nats-server processes on this machine. */
import { type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { buildServer } from './binary';
import { selfSigned } from './certificate';
import { endChild, spawnGuarded } from './children';
import { closed, freePorts, listening } from './ports';
import { SERVER_NAMES, type ServerName, type ServerPlan, type ServerPorts, serverConfig } from './topology';
import { until } from './wait';

export interface ClusterServer {
  name: ServerName;
  nats: string;
  monitor: string;
  mqtt?: string;
  pid: number;
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
  const binary = await buildServer();
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'nats-lab-'));
  const host = options.host ?? '127.0.0.1';
  const plans = await planServers(dir, host, options);
  const { cert, key } = selfSigned(['localhost', '127.0.0.1', ...SERVER_NAMES]);
  fs.writeFileSync(path.join(dir, 'cert.pem'), cert);
  fs.writeFileSync(path.join(dir, 'key.pem'), key, { mode: 0o600 });

  const processes = new Map<ServerName, ChildProcess>();
  let stopping = false;
  const start = (plan: ServerPlan, server: ClusterServer): ChildProcess => {
    const child = spawnServer(binary, plan);
    processes.set(plan.name, child);
    server.pid = child.pid ?? 0;
    return child;
  };
  const keepRunning = (plan: ServerPlan, server: ClusterServer) => {
    processes.get(plan.name)?.once('exit', () => {
      setTimeout(() => {
        if (!stopping) {
          start(plan, server);
          keepRunning(plan, server);
        }
      }, RESTART_MS);
    });
  };
  const end = async () => {
    stopping = true;
    await Promise.all([...processes.values()].map((child) => endChild(child)));
  };
  const planned = plans.map((plan) => ({ plan, server: describe(plan) }));
  try {
    await Promise.all(planned.map(({ plan, server }) => ready(server, start(plan, server), logOf(plan))));
  } catch (cause) {
    await end();
    throw cause; // The folder stays: the error names the log in it.
  }
  if (options.restart) {
    planned.forEach(({ plan, server }) => keepRunning(plan, server));
  }
  const stop = async () => {
    await end();
    fs.rmSync(dir, { recursive: true, force: true });
  };
  return { servers: planned.map(({ server }) => server), ca: cert, stop };
}

const logOf = (plan: ServerPlan): string => path.join(plan.dir, `${plan.name}.log`);

function spawnServer(binary: string, plan: ServerPlan): ChildProcess {
  const config = path.join(plan.dir, `${plan.name}.conf`);
  fs.writeFileSync(config, serverConfig(plan));
  return spawnGuarded(binary, ['-c', config, '-l', logOf(plan)], { stdio: 'ignore' });
}

function describe(plan: ServerPlan): ClusterServer {
  const reach = plan.host === '0.0.0.0' ? '127.0.0.1' : plan.host;
  return {
    name: plan.name,
    nats: `nats://${reach}:${plan.ports.nats}`,
    monitor: `http://${reach}:${plan.ports.monitor}`,
    ...(plan.name === 'n1' ? { mqtt: `mqtt://${reach}:${plan.ports.mqtt}` } : {}),
    pid: 0,
  };
}

async function ready(server: ClusterServer, child: ChildProcess, log: string): Promise<void> {
  const peers = SERVER_NAMES.length - 1;
  await until(`${server.name} joining the cluster (its log: ${log})`, async () => {
    if (child.exitCode !== null) {
      throw new Error(`${server.name} ended at once, perhaps since its port is taken (its log: ${log})`);
    }
    try {
      const answer = await fetch(`${server.monitor}/varz`);
      const varz = (await answer.json()) as { routes?: number };
      return (varz.routes ?? 0) >= peers ? true : undefined;
    } catch {
      return undefined;
    }
  });
}

async function planServers(dir: string, host: string, options: ClusterOptions): Promise<ServerPlan[]> {
  for (const first of [options.natsPort, options.monitorPort]) {
    await Promise.all(SERVER_NAMES.map((_, i) => (first ? listening(first + i, host).then(closed) : undefined)));
  }
  const free = await freePorts(SERVER_NAMES.length * 4);
  const ports = SERVER_NAMES.map((_, i): ServerPorts => {
    const [nats = 0, monitor = 0, cluster = 0, mqtt = 0] = free.slice(i * 4, i * 4 + 4);
    return {
      nats: options.natsPort ? options.natsPort + i : nats,
      monitor: options.monitorPort ? options.monitorPort + i : monitor,
      cluster,
      mqtt,
    };
  });
  const routes = ports.map(({ cluster }) => `127.0.0.1:${cluster}`);
  return SERVER_NAMES.map((name, i) => {
    const own = ports[i];
    if (!own) {
      throw new Error(`no ports were planned for ${name}`);
    }
    return { name, host, ports: own, routes, dir };
  });
}
