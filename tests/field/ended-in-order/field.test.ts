import { type DataSource } from '../../../lab/host';
import { type NatsServer } from '../../../lab/nats-server';
import { RawClient } from '../../../lab/raw-client';
import { sleep } from '../../../lab/wait';
import { eventually } from '../../harness/eventually';
import { ask, notices, totals, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, overNATS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const ANSWERED = { queryType: 'servers', view: 'totals', metric: 'answered', groupBy: ['server'] };
const OTHERS = { filters: [{ key: 'name', operator: '!=', values: ['grafana-nats-connections'] }] };
const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['server'], ...OTHERS };
const IN_ORDER = 'No answer from n3: It ended in order, and the other servers do not count it any more.';
const WITHOUT_A_WORD = 'No answer from n3: It did not answer when the other servers did.';

/** How long who ended in order is missed, and how long this test waits. */
const MISSED_SECONDS = 300;
const SECONDS = Number(process.env.ENDED_SECONDS ?? 0);
const PATIENCE_MS = 60_000;

const ALL = { 'server=n1': 1, 'server=n2': 1, 'server=n3': 1 };
const MISSED = { ...ALL, 'server=n3': 0 };

const answered = async (source: DataSource) => totals(await ask(plugin(), source, ANSWERED));
const said = async (source: DataSource) => notices(await ask(plugin(), source, STOPS));

const systemCluster = async () =>
  (await servers.cluster(['n1', 'n2', 'n3'], ACCOUNTS)) as [NatsServer, NatsServer, NatsServer];

const stopped = async (source: DataSource) => totals(await ask(plugin(), source, STOPS));

test(
  'who ended in order is missed for five minutes, unless its URL is configured; its records stay',
  async () => {
    const [n1, n2, n3] = await systemCluster();
    const discovered = overNATS([n1, n2]);
    const configured = overNATS([n1, n2], {}, { urls: [n3.monitor] });
    for (const source of [discovered, configured]) {
      await eventually(async () => expect(await answered(source)).toEqual(ALL));
    }
    await (await RawClient.open(n3.address)).end();
    for (const source of [discovered, configured]) {
      await eventually(async () => expect(await stopped(source)).toMatchObject({ 'server=n3': 1 }));
    }

    await n3.stop();
    await eventually(async () => expect(await said(discovered)).toContain(IN_ORDER));
    expect(await answered(discovered)).toEqual(MISSED);

    await sleep(SECONDS * 1_000);
    const forgotten = SECONDS > MISSED_SECONDS;
    expect(await answered(discovered)).toEqual(forgotten ? { 'server=n1': 1, 'server=n2': 1 } : MISSED);
    expect(await said(discovered)).toEqual(
      forgotten ? expect.not.stringContaining('n3') : expect.stringContaining(IN_ORDER)
    );
    expect(await answered(configured)).toEqual(MISSED);
    expect(await said(configured)).toContain('No answer from n3 at ');
    for (const source of [discovered, configured]) {
      expect(await stopped(source)).toMatchObject({ 'server=n3': 1 });
    }
  },
  SECONDS * 1_000 + PATIENCE_MS
);

test('who died without a word did not end in order', async () => {
  const [n1, n2, n3] = await systemCluster();
  const source = overNATS([n1, n2]);
  await eventually(async () => expect(await answered(source)).toEqual(ALL));
  await n3.kill();
  await eventually(async () => expect(await said(source)).toContain(WITHOUT_A_WORD));
  expect(await said(source)).not.toContain('in order');
});
