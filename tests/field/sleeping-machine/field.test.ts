import { type DataSource } from '../../../lab/host';
import { type NatsServer } from '../../../lab/nats-server';
import { visits } from '../../../lab/clients';
import { sleep } from '../../../lab/wait';
import { eventually } from '../../harness/eventually';
import { ask, notices, rows, totals, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, overHTTP, overNATS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

/** Longer than the background sync waits, and a request may take. */
const SLEEP_MS = 6_000;
const VISITORS = {
  queryType: 'stops',
  view: 'totals',
  groupBy: [],
  filters: [{ key: 'name', operator: '!=', values: ['grafana-nats-connections'] }],
};

/** Suspends a process meanwhile, as its machine would. */
async function asleep(pid: number, meanwhile: () => Promise<unknown>): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  try {
    await meanwhile();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

const WAYS: Array<[string, (server: NatsServer) => DataSource]> = [
  ['HTTP', (server) => overHTTP([server], { backgroundSync: '5s', timeout: 2 })],
  ['NATS', (server) => overNATS([server], {}, { backgroundSync: '5s', timeout: 2 })],
];

test.each(WAYS)('over %s', async (_, reading) => {
  const n1 = await servers.start({ server_name: 'n1', ...ACCOUNTS });
  const source = reading(n1);
  const seen = (count: number) =>
    eventually(async () => expect(totals(await ask(plugin(), source, VISITORS))).toEqual({ '': count }));
  await visits(n1, 5);
  await seen(5);

  await asleep(plugin().pid, async () => {
    await visits(n1, 7);
    await sleep(SLEEP_MS);
  });
  await seen(12);

  await asleep(n1.pid, async () => {
    // A read that began before is shared, and may be answered still.
    await eventually(async () => {
      const { error = '' } = await ask(plugin(), source, VISITORS);
      expect(error).toMatch(/did not answer in time|The connection to NATS is lost/);
    });
  });
  await seen(12);
  await visits(n1, 1);
  await seen(13);

  const [state] = rows(await ask(plugin(), source, { queryType: 'servers', view: 'table' }));
  expect(state).toMatchObject({ answered: 1, records_lost: 0, evicted_before: 0 });
  expect(notices(await ask(plugin(), source, VISITORS))).not.toMatch(/lost|restarted|clock/);
});
