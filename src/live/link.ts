import {
  type LiveChannelEvent,
  type QueryResultMetaNotice,
  isLiveChannelStatusEvent,
  LiveChannelConnectionState,
} from '@grafana/data';
import { t } from '../texts';

/** How long it may take to be connected before that is told. */
export const CONNECT_MS = 10_000;

/** How the browser is connected with the stream. */
export class Link {
  private state = LiveChannelConnectionState.Pending;
  private wasConnected = false;
  private error = '';
  private told = '';
  private readonly began = Date.now();

  /** Takes an event; whether it is a connection that comes back. */
  hear(event: LiveChannelEvent): boolean {
    if (!isLiveChannelStatusEvent(event)) {
      return false;
    }
    this.error = event.error ? messageOf(event.error) : '';
    const isBack =
      event.state === LiveChannelConnectionState.Connected && this.state !== event.state && this.wasConnected;
    this.state = event.state;
    this.wasConnected ||= this.state === LiveChannelConnectionState.Connected;
    return isBack;
  }

  end() {
    this.state = LiveChannelConnectionState.Shutdown;
  }

  get isWaiting(): boolean {
    return this.state !== LiveChannelConnectionState.Connected;
  }

  /** Whether there is something else to tell than was told last. */
  get isOther(): boolean {
    return textOf(this.notices()) !== this.told;
  }

  /** What is to be shown now. */
  tell(): QueryResultMetaNotice[] {
    const notices = this.notices();
    this.told = textOf(notices);
    return notices;
  }

  private notices(): QueryResultMetaNotice[] {
    if (this.error) {
      const error = this.error;
      return [
        { severity: 'warning', text: t('live.failed', 'Grafana Live cannot follow this query: {{error}}', { error }) },
      ];
    }
    const isLate = this.wasConnected || Date.now() - this.began >= CONNECT_MS;
    return this.isWaiting && isLate
      ? [
          {
            severity: 'warning',
            text: t('live.cutOff', 'Not connected to Grafana Live: nothing new is shown until it is.'),
          },
        ]
      : [];
  }
}

function messageOf(error: unknown): string {
  const { message } = (typeof error === 'object' && error !== null ? error : {}) as { message?: string };
  return message ?? String(error);
}

function textOf(notices: QueryResultMetaNotice[]): string {
  return notices.map(({ text }) => text).join();
}
