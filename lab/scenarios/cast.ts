/** Who takes part: apps that no other scenario uses, and addresses to call from. */
import { type App, instanceName } from '../names';
import { type AccountUser, USERS } from '../topology';

/** One client: who it says it is, and where it calls from. */
export interface Person {
  account: string;
  app: string;
  user: string;
  pass: string;
  name: string;
  lang: string;
  version: string;
  ip: string;
}

/** The same release of a library everywhere, so that none of them is old. */
const LIBRARIES = [
  { lang: 'go', version: '1.55.0' },
  { lang: 'nats.js', version: '3.1.0' },
  { lang: 'python3', version: '2.10.0' },
  { lang: 'java', version: '2.21.1' },
] as const;
const SHAPES: ReadonlyArray<App['shape']> = ['deployment', 'pod', 'deployment'];
const ACCOUNTS: readonly AccountUser[] = ['orders', 'billing', 'analytics'];

const NAMES = [
  ...['cart', 'checkout', 'catalog', 'search', 'shipping', 'tracking', 'loyalty', 'pricing', 'stock', 'ledger'],
  ...['payouts', 'refunds', 'fraud-check', 'mailer', 'notifier', 'geocoder', 'media', 'scoring', 'sessions', 'audit'],
  ...['reports', 'importer', 'exporter', 'matching', 'routing', 'quotes', 'invoices', 'dunning', 'vouchers', 'reviews'],
  ...['wishlist', 'returns', 'picking', 'packing', 'dispatch', 'customs', 'taxes', 'budgets', 'forecast', 'alerts'],
];

const EVERYWHERE = '127.0.0.1';
/** Only Linux lets a client call from any address of loopback. */
const HAS_MANY = process.platform === 'linux';
const PER_NET = 250;

export class Cast {
  private taken = 0;
  private addresses = 0;

  /** An app that nobody else has, of that account if it matters. */
  app(account?: AccountUser): App {
    const i = this.taken++;
    const app = NAMES[i];
    const library = LIBRARIES[i % LIBRARIES.length];
    const shape = SHAPES[i % SHAPES.length];
    const owner = account ?? ACCOUNTS[i % ACCOUNTS.length];
    if (!app || !library || !shape || !owner) {
      throw new Error(`there are ${NAMES.length} apps, and all take part already`);
    }
    return { app, account: owner, shape, ...library };
  }

  /** An address that nobody else has, where this machine has several. */
  address(): string {
    const i = this.addresses++;
    return HAS_MANY ? `127.1.${Math.floor(i / PER_NET)}.${(i % PER_NET) + 1}` : EVERYWHERE;
  }

  /** A new instance of an app, on a host of its own unless it is said which. */
  instance(app: App, ip = this.address()): Person {
    const { user, password } = USERS[app.account];
    const { lang, version } = app;
    return { account: app.account, app: app.app, user, pass: password, name: instanceName(app), lang, version, ip };
  }

  instances(app: App, count: number): Person[] {
    return Array.from({ length: count }, () => this.instance(app));
  }
}
