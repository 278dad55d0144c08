/** Client names as Kubernetes makes them, so that grouping by app has something to group. */
import { randomInt } from 'node:crypto';

import { type AccountUser } from './topology';

export interface App {
  app: string;
  account: AccountUser;
  /** What the client library says it is. */
  lang: string;
  version: string;
  /** Whose instances: bare pods, a Deployment's or a StatefulSet's. */
  shape: 'pod' | 'deployment' | 'statefulset';
}

export const APPS: readonly App[] = [
  { app: 'checkout', account: 'orders', lang: 'go', version: '1.55.0', shape: 'deployment' },
  { app: 'order-router', account: 'orders', lang: 'java', version: '2.21.1', shape: 'deployment' },
  { app: 'price-feed', account: 'orders', lang: 'C', version: '3.10.1', shape: 'pod' },
  { app: 'billing-service', account: 'billing', lang: 'nats.js', version: '3.1.0', shape: 'pod' },
  { app: 'invoice-writer', account: 'billing', lang: 'python3', version: '2.10.0', shape: 'statefulset' },
  { app: 'analytics-ingest', account: 'analytics', lang: 'rust', version: '0.42.0', shape: 'statefulset' },
  { app: 'report-builder', account: 'analytics', lang: '.NET', version: '2.6.8', shape: 'deployment' },
  { app: 'partner-sync', account: 'partners', lang: 'go', version: '1.31.0', shape: 'deployment' },
];

/** The app of that name; a typo here is a bug in a behaviour. */
export function appNamed(name: string): App {
  const app = APPS.find((candidate) => candidate.app === name);
  if (!app) {
    throw new Error(`the lab has no app "${name}"`);
  }
  return app;
}

// Kubernetes leaves out vowels and look-alikes (apimachinery util/rand).
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';
const HEX = '0123456789abcdef';

const letters = (alphabet: string, count: number): string =>
  Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('');

const replicaSets = new Map<string, string>();

/** A new instance's name: `<app>-pod-<id>`, `<app>-<hash>-<5 letters>` or `<app>-<n>`. */
export function instanceName({ app, shape }: App): string {
  if (shape === 'pod') {
    return `${app}-pod-${letters(HEX, 4)}`;
  }
  if (shape === 'statefulset') {
    return `${app}-${randomInt(4)}`;
  }
  const hash = replicaSets.get(app) ?? letters(SAFE, 10);
  replicaSets.set(app, hash);
  return `${app}-${hash}-${letters(SAFE, 5)}`;
}
