/** The built plugin, asked as Grafana asks it. */
import { type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

import { buildGo } from '../binary';
import { endChild, guardPid, spawnGuarded } from '../children';
import { within } from '../wait';
import { type Result } from './frame';
import { type DataSource, type Question } from './provisioning';

interface Answer {
  id: number;
  error?: string;
  query?: { results: Record<string, Result> };
  health?: { status: string; message: string };
}

const POINTS = 120;

export class Plugin {
  private nextId = 1;
  private readonly waiting = new Map<number, (answer: Answer) => void>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly dataSource: DataSource
  ) {
    child.once('exit', () => {
      for (const [id, resolve] of this.waiting) {
        resolve({ id, error: 'the plugin ended' });
      }
    });
  }

  /** Starts the binary and waits until it can be asked. */
  static async start(binary: string, dataSource: DataSource): Promise<Plugin> {
    const host = await buildGo('plugin-host', './lab/host/cmd');
    const child = spawnGuarded(host, [binary], { stdio: ['pipe', 'pipe', 'inherit'] });
    const plugin = new Plugin(child, dataSource);
    const { stdout } = child;
    if (!stdout) {
      throw new Error('the plugin host has no output');
    }
    const started = new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the plugin host ended with code ${code ?? 'none'}`)));
      createInterface({ input: stdout }).on('line', (line) => {
        const message = JSON.parse(line) as Answer & { pid?: number };
        if (message.pid) {
          guardPid(message.pid);
          resolve();
        } else {
          plugin.waiting.get(message.id)?.(message);
          plugin.waiting.delete(message.id);
        }
      });
    });
    await within('the start of the plugin', started, 30_000);
    return plugin;
  }

  /** What "Save & test" says. */
  async health(): Promise<string> {
    const { health, error } = await this.ask({ kind: 'health' });
    return health ? `${health.status}: ${health.message}` : (error ?? 'no answer');
  }

  /** The answers to one question, by refId. */
  async query({ queries, seconds, isAlert }: Question, now = Date.now()): Promise<Record<string, Result>> {
    const intervalMs = Math.max(1_000, Math.ceil(seconds / POINTS) * 1_000);
    const { query, error } = await this.ask({
      kind: 'query',
      queries: queries.map((one) => ({ ...one, intervalMs, maxDataPoints: POINTS })),
      range: { from: new Date(now - seconds * 1_000).toISOString(), to: new Date(now).toISOString() },
      headers: isAlert ? { FromAlert: 'true' } : {},
    });
    return query?.results ?? { error: { error: error ?? 'no answer' } };
  }

  async close(): Promise<void> {
    this.child.stdin?.end();
    await endChild(this.child);
  }

  private async ask(request: object): Promise<Answer> {
    const id = this.nextId++;
    const answer = new Promise<Answer>((resolve) => this.waiting.set(id, resolve));
    this.child.stdin?.write(`${JSON.stringify({ id, settings: this.dataSource, ...request })}\n`);
    return within('an answer of the plugin', answer, 60_000);
  }
}
