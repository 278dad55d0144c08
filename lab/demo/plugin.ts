/** The built plugin with the provisioned data source, asked as a dashboard asks it. */
import { type Result } from '../frame';
import { type DataSource, Host } from '../host';
import { type Question } from './provisioning';

const POINTS = 120;

export class Plugin {
  private constructor(
    private readonly host: Host,
    private readonly dataSource: DataSource
  ) {}

  /** Starts the binary and waits until it can be asked. */
  static async start(binary: string, dataSource: DataSource): Promise<Plugin> {
    return new Plugin(await Host.start(binary), dataSource);
  }

  /** What "Save & test" says. */
  async health(): Promise<string> {
    const { status, message } = await this.host.health(this.dataSource);
    return `${status}: ${message}`;
  }

  /** The answers to one question, by refId. */
  async query({ queries, seconds, isAlert }: Question, now = Date.now()): Promise<Record<string, Result>> {
    const intervalMs = Math.max(1_000, Math.ceil(seconds / POINTS) * 1_000);
    const range = { from: now - seconds * 1_000, to: now };
    const asked = queries.map((one) => ({ ...one, intervalMs, maxDataPoints: POINTS }));
    try {
      return await this.host.query(this.dataSource, range, asked, isAlert ? { FromAlert: 'true' } : {});
    } catch (cause) {
      return { error: { error: cause instanceof Error ? cause.message : String(cause) } };
    }
  }

  close(): Promise<void> {
    return this.host.close();
  }
}
