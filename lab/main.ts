/** The lab's command line: see --help. */
import { BEHAVIOURS, behaviourNamed } from './behaviours';
import { type Behaviour } from './behaviours/types';
import { type Cluster, startCluster } from './cluster';
import { Lab, type Stop } from './lab';
import { type Options, helpText, parseOptions } from './options';
import { nextDelay } from './rate';
import { recordOf } from './records';
import { USERS } from './topology';
import { sleep } from './wait';

const say = (text: string) => process.stderr.write(`${text}\n`);
const printJson = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

interface Session {
  lab: Lab;
  monitors: string[];
  close(): Promise<void>;
}

/** The servers given on the command line, or some of our own. */
async function openSession(options: Options): Promise<Session> {
  if (options.servers.length > 0) {
    const lab = await Lab.discover(options.servers, options.pids, options.mqtt);
    return { lab, monitors: options.monitors, close: () => lab.close() };
  }
  say('Starting three NATS servers …');
  const cluster = await startCluster({ ...options, restart: true });
  const lab = new Lab(cluster.servers.map((server) => ({ ...server, url: server.nats })));
  const close = async () => {
    await lab.close();
    await cluster.stop();
  };
  say(clusterText(cluster));
  return { lab, monitors: cluster.servers.map(({ monitor }) => monitor), close };
}

const joined = (values: Array<string | number | undefined>) => values.filter(Boolean).join(',');

/** How another run of the lab reaches this cluster. */
function reachArguments({ servers }: Cluster): string[] {
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

function clusterText(cluster: Cluster): string {
  const lines = cluster.servers.map(({ name, nats, monitor }) => `  ${name}  ${nats}  ${monitor}`);
  return [...lines, `  npm run lab -- <behaviour> ${reachArguments(cluster).join(' ')}`].join('\n');
}

/** Causes a behaviour once, on one of the servers where it can happen. */
async function causeOnce(behaviour: Behaviour, lab: Lab): Promise<Stop[]> {
  const names = behaviour.servers;
  const name = names[Math.floor(Math.random() * names.length)] ?? 'n1';
  const stops = await behaviour.cause(lab, lab.server(name));
  return stops.map((stop) => ({ ...stop, reason: behaviour.reason }));
}

function report(behaviour: Behaviour, stops: Stop[], json: boolean): void {
  for (const stop of stops) {
    if (json) {
      printJson({ behaviour: behaviour.id, ...stop });
    } else {
      say(`${new Date().toISOString().slice(11, 19)}  ${stop.server}  ${stop.reason}  ${stop.name ?? '(unnamed)'}`);
    }
  }
}

/** Causes a behaviour again and again; one that fails is told and does not end the rest. */
async function causeAtRate(behaviour: Behaviour, meanMs: number, session: Session, json: boolean, on: () => boolean) {
  while (on()) {
    await sleep(nextDelay(meanMs));
    try {
      report(behaviour, on() ? await causeOnce(behaviour, session.lab) : [], json);
    } catch (cause) {
      say(`${behaviour.id} did not happen this time: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
}

/** Every behaviour once, each compared with the server's own record; false when one differs. */
async function selfcheck(session: Session, json: boolean): Promise<boolean> {
  let good = true;
  for (const behaviour of BEHAVIOURS) {
    const started = Date.now();
    const [first] = await causeOnce(behaviour, session.lab);
    const record = first && (await recordOf(session.monitors, first));
    const got = record?.reason ?? 'no stop';
    good &&= got === behaviour.reason;
    const line = { behaviour: behaviour.id, expected: behaviour.reason, got, ms: Date.now() - started, record };
    if (json) {
      printJson(line);
    } else {
      say(`${got === behaviour.reason ? 'ok  ' : 'BAD '} ${behaviour.id.padEnd(30)} ${got} (${line.ms} ms)`);
    }
  }
  return good;
}

/** The servers alone, until standard input ends or a signal comes. */
async function clusterOnly(options: Options): Promise<void> {
  const cluster = await startCluster(options);
  if (options.json) {
    printJson({
      pid: process.pid,
      servers: cluster.servers,
      tls: cluster.servers[1]?.nats.replace('nats:', 'tls:'),
      ca: cluster.ca,
      users: USERS,
      arguments: reachArguments(cluster),
    });
  } else {
    say(clusterText(cluster));
  }
  await Promise.race([asked(), inputEnded()]);
  await cluster.stop();
}

const asked = () =>
  new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });

const inputEnded = () =>
  new Promise<void>((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve).resume();
  });

async function run(options: Options): Promise<boolean> {
  if (options.command === 'cluster') {
    await clusterOnly(options);
    return true;
  }
  const behaviours = options.command === 'selfcheck' ? [] : [behaviourNamed(options.command)];
  const session = await openSession(options);
  try {
    if (options.command === 'selfcheck') {
      return await selfcheck(session, options.json);
    }
    if (options.once) {
      for (const behaviour of behaviours) {
        report(behaviour, await causeOnce(behaviour, session.lab), options.json);
      }
      return true;
    }
    let running = true;
    const loops = behaviours.map((b) => causeAtRate(b, options.meanMs, session, options.json, () => running));
    await Promise.race([asked(), ...loops]);
    running = false;
    return true;
  } finally {
    await session.close();
  }
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(helpText());
    return;
  }
  process.exitCode = (await run(options)) ? 0 : 1;
  process.exit();
}

main().catch((cause: unknown) => {
  say(cause instanceof Error ? cause.message : String(cause));
  process.exit(1);
});
