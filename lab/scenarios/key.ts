/** The answer key: what a scenario really did, and what must be found. */
import { type Person } from './cast';

/** Something that happened to an app on a server, as often as it did. */
export interface Deed {
  what: string;
  app: string;
  account: string;
  user: string;
  server: string;
  /** Names of the instances, and where they called from. */
  names: string[];
  addresses: string[];
  times: number;
  first: string;
  last: string;
}

/** Columns of a finding that say whose it is. */
export interface Subject {
  account?: string;
  app?: string;
  user?: string;
  ip?: string;
  server?: string;
}

export interface Expected {
  finding: string;
  severity?: 'critical' | 'warning' | 'info';
  subject: Subject;
  /** What its sentence must contain: what tells this cause apart from others of the same finding. */
  says?: string;
  /** The deeds whose records are its evidence: of its subject, one record for each time. */
  shows?: string;
}

export interface AnswerKey {
  scenario: string;
  began: string;
  ended: string;
  deeds: Deed[];
  findings: Expected[];
}

const now = () => new Date().toISOString();

export class Key {
  readonly expected: Expected[] = [];
  private readonly deeds = new Map<string, Deed>();
  private readonly began = now();

  /** Notes that this happened to that client. */
  did(what: string, { account, app, user, name, ip }: Person, server: string): void {
    const id = [what, account, app, user, server].join('\n');
    const nothing = { what, app, account, user, server, names: [], addresses: [], times: 0, first: now(), last: '' };
    const deed = this.deeds.get(id) ?? nothing;
    this.deeds.set(id, {
      ...deed,
      names: [...new Set([...deed.names, name])],
      addresses: [...new Set([...deed.addresses, ip])],
      times: deed.times + 1,
      last: now(),
    });
  }

  /** Notes that this happened to a server. */
  happened(what: string, server: string): void {
    this.did(what, { account: '', app: '', user: '', pass: '', name: '', lang: '', version: '', ip: '' }, server);
  }

  /** Notes that this must be found. */
  expect(finding: string, subject: Subject, more: Pick<Expected, 'severity' | 'says' | 'shows'> = {}): void {
    this.expected.push({ finding, subject, ...more });
  }

  answers(scenario: string): AnswerKey {
    return { scenario, began: this.began, ended: now(), deeds: [...this.deeds.values()], findings: this.expected };
  }
}
