/** A stream of a plugin while somebody follows it. */
import { type ClientReadableStream } from '@grpc/grpc-js';

import { within } from './wait';

export interface Followed<T> {
  /** All that came so far, and when, in milliseconds. */
  readonly came: Array<{ at: number; packet: T }>;
  /** Ends it as Grafana does when nobody listens any more. */
  stop(): Promise<void>;
  /** Waits for an end of the plugin's making; what it said. */
  ended(): Promise<string>;
}

/** Follows until it ends or is stopped. */
export function follow<Raw, T>(stream: ClientReadableStream<Raw>, read: (raw: Raw) => T): Followed<T> {
  const came: Followed<T>['came'] = [];
  const end = new Promise<string>((resolve) => {
    stream.on('error', (error) => resolve(error.message));
    stream.on('end', () => resolve(''));
  });
  stream.on('data', (raw: Raw) => came.push({ at: Date.now(), packet: read(raw) }));
  return {
    came,
    ended: () => within('the end of the stream', end),
    stop: async () => {
      stream.cancel();
      await within('the end of the stream', end);
    },
  };
}
