/** Clients that come and go. */
import { type NatsServer } from './nats-server';
import { type ConnectOptions, RawClient } from './raw-client';
import { until } from './wait';

/** How many come and go side by side. */
const CROWD = 32;

/** Connects and is let in. */
export async function connect(server: NatsServer, options: ConnectOptions = {}): Promise<RawClient> {
  const client = await RawClient.open(server.address);
  await client.connect({ lang: 'go', version: '1.55.0', ...options });
  return client;
}

/** Connects and leaves again, which gives one record of a closed connection. */
export async function visit(server: NatsServer, options: ConnectOptions = {}): Promise<void> {
  const client = await connect(server, options);
  await client.end();
}

/** A client name of the length that orchestrators give, about 115 characters. */
export function longName(i: number): string {
  const app = ['billing', 'orders', 'search', 'gateway'][i % 4];
  const id = (Math.imul(i, 2654435761) >>> 0).toString(16).padStart(8, '0');
  const place = 'production.eu-central-1.compute.example.internal/consumer-group/invoices-and-payments-v2';
  return `${app}-service-pod-${id}.${place}`;
}

/** Lets that many come and go, each under a name of its own. */
export async function visits(server: NatsServer, count: number, options: ConnectOptions = {}): Promise<void> {
  let next = 0;
  const one = async () => {
    for (let i = next++; i < count; i = next++) {
      await visit(server, { ...options, name: longName(i) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(CROWD, count) }, one));
}

/** Waits until the server has counted that many closed connections, and none is open. */
export const closedBy = (server: NatsServer, count: number): Promise<true> =>
  until(`${count} closed connections`, async () => {
    const { connections, total_connections } = await server.ask<{ connections: number; total_connections: number }>(
      '/varz'
    );
    return connections === 0 && total_connections === count ? true : undefined;
  });
