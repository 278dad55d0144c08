/** The servers that a run of the lab works with: those it was given, or its own. */
import { type Cluster, startCluster } from './cluster';
import { Lab } from './lab';
import { type Options } from './options';

export interface Session {
  lab: Lab;
  monitors: string[];
  close(): Promise<void>;
}

/** What is told along the way goes to standard error; standard output is for results. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Finds the servers given on the command line, or starts some. */
export async function openSession(options: Options): Promise<Session> {
  if (options.servers.length > 0) {
    const lab = await Lab.discover(options.servers, options.pids, options.mqtt);
    return { lab, monitors: options.monitors, close: () => lab.close() };
  }
  say('Starting three NATS servers …');
  const session = ownSession(await startCluster({ ...options, restart: true }));
  say(clusterText(session.cluster));
  return session;
}

/** A session on a cluster that ends with it. */
export function ownSession(cluster: Cluster): Session & { cluster: Cluster } {
  const lab = new Lab(
    cluster.servers.map((server) => ({
      name: server.name,
      url: server.nats,
      ...(server.mqtt ? { mqtt: server.mqtt } : {}),
      // A server that was started again has another process.
      get pid() {
        return server.pid;
      },
    }))
  );
  const close = async () => {
    await lab.close();
    await cluster.stop();
  };
  return { lab, cluster, monitors: cluster.servers.map(({ monitor }) => monitor), close };
}

const joined = (values: Array<string | number | undefined>) => values.filter(Boolean).join(',');

/** How another run of the lab reaches this cluster. */
export function reachArguments({ servers }: Cluster): string[] {
  return [
    '--servers',
    joined(servers.map(({ nats }) => nats)),
    '--monitor',
    joined(servers.map(({ monitor }) => monitor)),
    '--pids',
    joined(servers.map(({ pid }) => pid)),
    '--mqtt',
    joined(servers.map(({ mqtt }) => mqtt)),
  ];
}

/** What a person needs to reach this cluster. */
export function clusterText(cluster: Cluster): string {
  const lines = cluster.servers.map(({ name, nats, monitor }) => `  ${name}  ${nats}  ${monitor}`);
  return [...lines, '', `  npm run lab -- <behaviour> ${reachArguments(cluster).join(' ')}`, ''].join('\n');
}
