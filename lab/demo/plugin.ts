/** The plugin with the provisioned data source, asked as a dashboard asks it. */
import { type Result } from '../frame';
import { type DataSource, type Host } from '../host';
import { type Question } from './provisioning';

const POINTS = 120;

/** Gives the answers to one question, by refId. */
export type Ask = (question: Question) => Promise<Record<string, Result>>;

export const asking = (host: Host, source: DataSource): Ask =>
  async function ask({ queries, seconds, isAlert }) {
    const [now, intervalMs] = [Date.now(), Math.max(1_000, Math.ceil(seconds / POINTS) * 1_000)];
    const range = { from: now - seconds * 1_000, to: now };
    const asked = queries.map((one) => ({ ...one, intervalMs, maxDataPoints: POINTS }));
    try {
      return await host.query(source, range, asked, isAlert ? { FromAlert: 'true' } : {});
    } catch (cause) {
      return { error: { error: cause instanceof Error ? cause.message : String(cause) } };
    }
  };
