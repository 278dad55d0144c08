/** Imitated servers whose clients come and go all the time, and which restart, go away and have clocks that step. */
import { randomUUID } from 'node:crypto';

import { Imitation, type Replies } from '../../lab/imitation';
import { exactTime } from '../../lab/replies';
import { sleep } from '../../lab/wait';
import { type Random } from './random';
import { type Truth, identity } from './truth';

const REASONS = ['Client Closed', 'Read Error', 'Stale Connection', 'Authentication Failure', 'Write Error'];
const APPS = ['billing', 'orders', 'search', '<b>gateway</b>', 'päyments'];

const FEW = 10;
const PAUSE_MS = 20;

export class ChurningServer {
  /** Of all of them, since they began. */
  static stops = 0;

  private readonly imitation: Imitation;
  private cid = 0;
  private id = '';

  constructor(
    readonly name: string,
    private readonly ring: number,
    private readonly random: Random,
    private readonly truth: Truth
  ) {
    this.imitation = new Imitation(this.born(Date.now() - 60_000));
  }

  get url(): string {
    return this.imitation.url;
  }

  start = (): Promise<unknown> => this.imitation.start();
  stop = (): Promise<void> => this.imitation.stop();
  step = (ms: number): void => this.imitation.step(ms);

  /** Another process takes its place; its clock is right. */
  restart(): void {
    this.imitation.become(this.born(Date.now()));
  }

  /** Lets that many clients leave. */
  close(count: number, why?: string): void {
    const { varz, closed } = this.imitation.replies;
    for (let i = 0; i < count; i++) {
      this.cid += 1;
      closed.push(this.record(why ?? this.random.of(REASONS)));
    }
    ChurningServer.stops += count;
    closed.splice(0, closed.length - this.ring);
    varz.total_connections = this.cid;
  }

  /** Lets that many clients go, a few at a time, and ends. */
  async lameDuck(clients: number): Promise<void> {
    for (let left = clients; left > 0; left -= FEW) {
      this.close(Math.min(FEW, left), 'Server Shutdown');
      await sleep(PAUSE_MS);
    }
    await this.stop();
  }

  private record(reason: string) {
    const stop = exactTime(this.imitation.now());
    this.truth.stops.set(identity(this.id, this.cid), { server: this.name, reason, at: Date.now() });
    return {
      cid: this.cid,
      kind: 'Client',
      type: 'nats',
      ip: `10.0.0.${this.random.below(250)}`,
      port: 1_024 + this.random.below(60_000),
      start: exactTime(this.imitation.now() - this.random.below(3_600_000)),
      last_activity: stop,
      stop,
      reason,
      rtt: '1ms',
      name: `${this.random.of(APPS)}-pod-${this.random.below(1e6)}`,
      lang: 'go',
      version: '1.55.0',
    };
  }

  private born(at: number): Replies {
    this.cid = 0;
    this.id = randomUUID();
    const varz = {
      server_id: this.id,
      server_name: this.name,
      version: '2.15.2',
      start: exactTime(at),
      now: exactTime(Date.now()),
      connections: 0,
      total_connections: 0,
      leafnodes: 0,
    };
    return { varz, open: [], closed: [], others: {} };
  }
}
