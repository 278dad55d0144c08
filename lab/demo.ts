/** The demo: real servers, real incidents, the built plugin, and every provisioned query answered in the terminal. */
import path from 'node:path';
import { parseArgs } from 'node:util';

import { BEHAVIOURS } from './behaviours';
import { ROOT, buildPlugin } from './binary';
import { type Listener, tryOnce } from './cause';
import { startCluster } from './cluster';
import { painter } from './demo/colour';
import { WHAT_NEEDS_ATTENTION, findingLines } from './demo/findings';
import { type Ask, asking } from './demo/plugin';
import { type Question, readDataSource, readQuestions } from './demo/provisioning';
import { type Screen, noticeLines, resultLines } from './demo/render';
import { forgetsNothing, knowledge, restartLines, withHistory, withoutHistory } from './demo/restart';
import { type DataSource, type Health, Host } from './host';
import { startMix } from './mix';
import { type Session, ownSession, say } from './session';
import { sleep, until } from './wait';

const PROVISIONING = path.join(ROOT, 'provisioning');
const REFRESH_MS = 5_000;
const DEFAULT_WIDTH = 140;
const LANES = 3;
/** What stopped is read after that long, and written after as long again and the time that the plugin gathers it. */
const READ_MS = 1_000;
const WRITTEN_MS = 4_000;

const screen = (): Screen => ({
  width: process.stdout.columns ?? DEFAULT_WIDTH,
  paint: painter(process.stdout.isTTY && !process.env.NO_COLOR),
});

/** Waits until a server that was started again answers. */
const answers = (monitor: string) =>
  until(`${monitor} answering`, async () => {
    try {
      return (await fetch(`${monitor}/healthz`)).ok ? true : undefined;
    } catch {
      return undefined;
    }
  });

/** Causes every behaviour once; the last, a server's restart, comes when the others are over. */
async function causeAll({ lab, monitors }: Session): Promise<void> {
  const counts = { done: 0, failed: 0 };
  const progress: Listener = {
    stopped: () => undefined,
    failed: (behaviour, why) => {
      counts.failed += 1;
      say(`  ${behaviour.id} did not happen: ${why}`);
    },
  };
  const cause = async (queue: Array<(typeof BEHAVIOURS)[number]>) => {
    for (let behaviour = queue.shift(); behaviour; behaviour = queue.shift()) {
      await tryOnce(behaviour, lab, progress);
      counts.done += 1;
      say(
        `  ${String(counts.done).padStart(2)}/${BEHAVIOURS.length}  ${behaviour.reason.padEnd(36)} ${behaviour.about}`
      );
    }
  };
  const quick = BEHAVIOURS.filter(({ needsProcess }) => !needsProcess);
  await Promise.all(Array.from({ length: LANES }, () => cause(quick)));
  await cause(BEHAVIOURS.filter(({ needsProcess }) => needsProcess));
  await Promise.all(monitors.map(answers));
}

/** Asks everything side by side, as a dashboard does, and gives the lines to show. */
async function round(ask: Ask, questions: Question[], view: Screen): Promise<string[]> {
  const answers = await Promise.all(questions.map(ask));
  const groups = [...new Set(questions.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const asked = questions.map((question, i) => ({ question, results: Object.values(answers[i] ?? {}) }));
    const ours = asked.filter(({ question }) => question.group === group);
    const panels = ours.flatMap(({ question, results }) => [
      '',
      view.paint(question.title, 'bold'),
      ...results.flatMap((result) => resultLines(result, view)),
    ]);
    const notices = noticeLines(
      ours.flatMap(({ results }) => results),
      view
    );
    return [
      '',
      view.paint(`══ ${group} `.padEnd(view.width, '═'), 'bold'),
      ...panels,
      ...(notices.length ? ['', ...notices] : []),
    ];
  });
}

/** What is found in all that. */
async function attention(ask: Ask, view: Screen): Promise<string[]> {
  const [result = {}] = Object.values(await ask(WHAT_NEEDS_ATTENTION));
  const title = `══ ${WHAT_NEEDS_ATTENTION.title} `.padEnd(view.width, '═');
  return ['', view.paint(title, 'bold'), '', ...findingLines(result, view)];
}

/** What Save & test says once JetStream has a leader, without which no stream can be made. */
const healthy = (plugin: Host, source: DataSource): Promise<Health> =>
  until('a stream for the history', async () => {
    const said = await plugin.health(source);
    return said.status === 'OK' ? said : undefined;
  });

/** Kills the plugin, starts another one, and shows what that knows of the time before. */
async function restarted(binary: string, plugin: Host, source: DataSource, since: number) {
  const range = { from: since, to: Date.now() };
  await sleep(READ_MS);
  await knowledge(plugin, source, range);
  await sleep(WRITTEN_MS);
  const before = await knowledge(plugin, source, range);
  await plugin.signal('SIGKILL');
  const next = await Host.start(binary);
  const after = await knowledge(next, source, range);
  const without = await knowledge(next, withoutHistory(source), range);
  return { next, lines: restartLines(before, after, without, screen()), same: forgetsNothing(before, after) };
}

function show(lines: string[]): void {
  const clear = process.stdout.isTTY ? '\u001b[2J\u001b[3J\u001b[H' : '';
  process.stdout.write(`${clear}${lines.join('\n')}\n`);
}

async function run(once: boolean): Promise<void> {
  const questions = readQuestions(PROVISIONING);
  const binary = await buildPlugin();
  say('Starting three NATS servers …');
  const since = Date.now();
  const session = ownSession(await startCluster({ restart: true }));
  process.once('SIGINT', () => void session.close().then(() => process.exit(0)));
  process.once('SIGTERM', () => void session.close().then(() => process.exit(0)));
  let plugin = await Host.start(binary);
  const [stream] = session.cluster.servers;
  const source = withHistory(readDataSource(PROVISIONING, session.monitors), stream?.nats ?? '');
  const all = async () => {
    const ask = asking(plugin, source);
    return [...(await round(ask, questions, screen())), ...(await attention(ask, screen()))];
  };
  try {
    const { status, message } = await healthy(plugin, source);
    say(`Save & test says  ${status}: ${message}`);
    const quiet: Listener = { stopped: () => undefined, failed: () => undefined };
    const endMix = startMix(session.lab, quiet);
    say('Causing every behaviour once; the plugin keeps what it reads meanwhile:');
    // A restarted server forgets its records; the plugin has them because it asks while they are there.
    const watching = setInterval(() => void all().catch(() => undefined), REFRESH_MS / 2);
    await causeAll(session);
    clearInterval(watching);
    const usual = await all();
    const { next, lines, same } = await restarted(binary, plugin, source, since);
    plugin = next;
    show([...usual, ...lines]);
    while (!once) {
      await sleep(REFRESH_MS);
      show([...(await all()), ...lines, '', `Every ${REFRESH_MS / 1000} s; Ctrl-C ends it.`]);
    }
    endMix();
    if (!same) {
      throw new Error('The restart forgot something.');
    }
  } finally {
    await plugin.close();
    await session.close();
  }
}

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
run(values.once).then(
  () => process.exit(0),
  (cause: unknown) => {
    say(cause instanceof Error ? cause.message : String(cause));
    process.exit(1);
  }
);
