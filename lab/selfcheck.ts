/** Every behaviour once, each compared with the server's own record. */
import { BEHAVIOURS } from './behaviours';
import { type Behaviour } from './behaviours/types';
import { causeOnce, isPossible } from './cause';
import { type Stop } from './lab';
import { type ClosedRecord, recordOf } from './records';
import { type Session, say } from './session';

interface Finding {
  behaviour: string;
  expected: string;
  got: string;
  ms: number;
  differences: string[];
}

/** Causes each and prints what the servers recorded; false when one differs. */
export async function selfcheck(session: Session, print: (finding: Finding) => void): Promise<boolean> {
  let good = true;
  for (const behaviour of BEHAVIOURS) {
    if (!isPossible(behaviour, session.lab)) {
      say(`${behaviour.id} needs a server's own process: not checked`);
      continue;
    }
    const finding = await check(behaviour, session);
    good &&= finding.differences.length === 0;
    print(finding);
  }
  return good;
}

async function check(behaviour: Behaviour, { lab, monitors }: Session): Promise<Finding> {
  const started = Date.now();
  const finding = { behaviour: behaviour.id, expected: behaviour.reason };
  try {
    const comparing: Array<Promise<{ reason: string; differences: string[] }>> = [];
    await causeOnce(behaviour, lab, (stop) => comparing.push(compare(monitors, stop)));
    const compared = await Promise.all(comparing);
    const differences = compared.flatMap((one) => one.differences);
    const got = [...new Set(compared.map(({ reason }) => reason))].join(', ');
    return { ...finding, got, ms: Date.now() - started, differences };
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    return { ...finding, got, ms: Date.now() - started, differences: [got] };
  }
}

async function compare(monitors: string[], stop: Stop) {
  const record = await recordOf(monitors, stop);
  return { reason: record.reason, differences: differencesOf(stop, record) };
}

function differencesOf(stop: Stop, record: ClosedRecord): string[] {
  const pairs: Array<[string, string | undefined, string | undefined]> = [
    ['reason', stop.reason, record.reason],
    ['account', stop.account, record.account],
    ['user', stop.user, record.authorized_user],
    ['name', stop.name, record.name],
  ];
  return pairs
    .filter(([, expected, got]) => expected !== got)
    .map(([what, expected, got]) => `${what} is ${got ?? 'absent'}, not ${expected ?? 'absent'}`);
}

/** One line for people. */
export function findingText({ behaviour, got, ms, differences }: Finding): string {
  const verdict = differences.length === 0 ? 'ok ' : 'BAD';
  return `${verdict} ${behaviour.padEnd(30)} ${got} (${ms} ms)${differences.map((text) => `\n      ${text}`).join('')}`;
}
