/** The lab's command line: see --help. */
import { behaviourNamed } from './behaviours';
import { type Behaviour } from './behaviours/types';
import { type Listener, causeOnce, repeat } from './cause';
import { startCluster } from './cluster';
import { Lab, type Stop } from './lab';
import { startMix } from './mix';
import { type Options, helpText, parseOptions } from './options';
import { scenarioNamed } from './scenarios';
import { play, worldOf } from './scenarios/play';
import { type Scenario } from './scenarios/types';
import { World } from './scenarios/world';
import { findingText, selfcheck } from './selfcheck';
import { clusterText, openSession, reachArguments, say } from './session';
import { USERS } from './topology';

const printJson = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

const listener = (json: boolean): Listener => ({
  stopped: (behaviour, stop) => report(behaviour, stop, json),
  failed: (behaviour, why) => say(`${clock()}  ${behaviour.id} did not happen this time: ${why}`),
});

const clock = () => new Date().toISOString().slice(11, 19);

function report(behaviour: Behaviour, stop: Stop, json: boolean): void {
  if (json) {
    printJson({ behaviour: behaviour.id, ...stop });
  } else {
    say(`${clock()}  ${stop.server}  ${stop.reason}  ${stop.name ?? '(unnamed)'}`);
  }
}

/** The servers alone, until standard input ends or a signal comes. */
async function clusterOnly(options: Options): Promise<void> {
  const cluster = await startCluster(options);
  if (options.json) {
    printJson({
      pid: process.pid,
      servers: cluster.servers,
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
    // A terminal's input ends with Ctrl-D; one that is not there at all has nothing to say.
    if (!process.stdin.isTTY) {
      process.stdin.once('end', resolve).once('close', resolve).resume();
    }
  });

/** One scenario; what it did is printed, and what lasts of it lasts until a signal comes. */
async function oneScenario(options: Options): Promise<void> {
  const scenario = scenarioNamed(options.scenario ?? '');
  const world = await scenarioWorld(scenario, options);
  try {
    say(world.servers.map(({ name, url }, i) => `  ${name}  ${url}  ${world.monitors[i]}`).join('\n'));
    say(`${scenario.id}: ${scenario.about} …`);
    process.stdout.write(`${JSON.stringify(await play(scenario, world), null, options.json ? 0 : 2)}\n`);
    if (!options.once) {
      say('It lasts until Ctrl-C.');
      await asked();
    }
  } finally {
    await world.close();
  }
}

async function scenarioWorld(scenario: Scenario, options: Options): Promise<World> {
  const { servers, pids, monitors } = options;
  if (servers.length === 0) {
    return worldOf(scenario, options);
  }
  if (scenario.alone) {
    throw new Error(`${scenario.id} needs servers of its own: leave out --servers`);
  }
  return World.attach(await Lab.discover(servers, pids), monitors);
}

/** Gives the exit code. */
async function run(options: Options): Promise<number> {
  const { command, json, once } = options;
  if (command === 'cluster') {
    await clusterOnly(options);
    return 0;
  }
  if (command === 'scenario') {
    await oneScenario(options);
    return 0;
  }
  const behaviour = command === 'mix' || command === 'selfcheck' ? undefined : behaviourNamed(command);
  const session = await openSession(options);
  try {
    if (command === 'selfcheck') {
      const print = json ? printJson : (finding: Parameters<typeof findingText>[0]) => say(findingText(finding));
      return (await selfcheck(session, print)) ? 0 : 1;
    }
    if (behaviour && once) {
      await causeOnce(behaviour, session.lab, (stop) => report(behaviour, stop, json));
      return 0;
    }
    const stop = behaviour
      ? repeat(behaviour, options.meanMs, session.lab, listener(json))
      : startMix(session.lab, listener(json));
    await asked();
    stop();
    return 0;
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
  process.exit(await run(options));
}

main().catch((cause: unknown) => {
  say(cause instanceof Error ? cause.message : String(cause));
  process.exit(1);
});
