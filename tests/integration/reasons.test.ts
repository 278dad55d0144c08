/** Each stop that the lab can cause, from a real server to the row that a person sees. */
import { type Stop } from '../../lab/lab';
import { accountOf } from '../harness/accounts';
import { eventually } from '../harness/eventually';
import { cause, useLab } from '../harness/lab';
import { MINUTE, type Row, ask, dataSource, rows, usePlugin } from '../harness/plugin';

const plugin = usePlugin();
const lab = useLab();

/** The behaviours with the reason that the server gives; lame duck comes last, because it ends its server. */
const EXPECTED = [
  ['clean-close', 'Client Closed', 'planned'],
  ['killed', 'Client Closed', 'planned'],
  ['reset', 'Read Error', 'unexpected'],
  ['port-probe', 'Client Closed', 'planned'],
  ['slow-consumer-pending', 'Slow Consumer (Pending Bytes)', 'unexpected'],
  ['slow-consumer-deadline', 'Slow Consumer (Write Deadline)', 'unexpected'],
  ['stale', 'Stale Connection', 'unexpected'],
  ['auth-failure', 'Authentication Failure', 'unexpected'],
  ['auth-failure-burst', 'Authentication Failure', 'unexpected'],
  ['auth-timeout', 'Authentication Timeout', 'unexpected'],
  ['tls-handshake', 'TLS Handshake Failure', 'unexpected'],
  ['max-connections', 'Maximum Connections Exceeded', 'unexpected'],
  ['max-account-connections', 'Maximum Account Connections Exceeded', 'unexpected'],
  ['max-payload', 'Maximum Message Payload Exceeded', 'unexpected'],
  ['max-control-line', 'Maximum Control Line Exceeded', 'unexpected'],
  ['protocol-violation', 'Protocol Violation', 'unexpected'],
  ['parse-error', 'Parse Error', 'unexpected'],
  ['no-responders-without-headers', 'No Responders Requires Headers', 'unexpected'],
  ['bad-protocol-version', 'Bad Client Protocol Version', 'unexpected'],
  ['kicked', 'Kicked', 'planned'],
  ['lame-duck', 'Server Shutdown', 'planned'],
] as const;

let read: () => Promise<Row[]>;

beforeAll(() => {
  const source = dataSource({ urls: lab().monitors });
  read = async () => rows(await ask(plugin(), source, { queryType: 'stops', view: 'records', limit: 10_000 }));
});

test.each(EXPECTED)('%s is %s, %s', async (behaviour, reason, kind) => {
  const checks: Array<Promise<void>> = [];
  await cause(lab(), behaviour, (stop) => checks.push(shown(stop, reason, kind)));
  await Promise.all(checks);
});

async function shown(stop: Stop, reason: string, kind: string): Promise<void> {
  const row = await eventually(async () => {
    const found = (await read()).find(({ server_id, cid }) => server_id === stop.server_id && cid === stop.cid);
    if (!found) {
      throw new Error(`there is no record of ${JSON.stringify(stop)}`);
    }
    return found;
  });
  expect(row).toMatchObject({
    reason,
    class: kind,
    server: stop.server,
    account: accountOf({ ...stop, reason, lang: String(row.lang ?? '') }),
    user: stop.user ?? '',
    name: stop.name ?? '',
  });
  expect(Math.abs(Date.now() - Number(row.time))).toBeLessThan(5 * MINUTE);
}
