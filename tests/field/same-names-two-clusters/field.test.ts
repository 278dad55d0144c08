import { freePorts } from '../../../lab/ports';
import { eventually } from '../../harness/eventually';
import { asking, closeOn, useImitations } from '../../harness/imitations';
import { ALERT, HOUR, ask, last, notices, totals, usePlugin } from '../../harness/plugin';
import { ACCOUNTS, overNATS, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();
const { serve } = useImitations(__dirname);

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['server'] };
const EU = 'server=nats-0 (eu)';
const US = 'server=nats-0 (us)';

test('two servers of one name are two, in panels and in alerts', async () => {
  const source = asking([await serve('nats-0-eu'), await serve('nats-0-us')]);
  for (const headers of [{}, ALERT]) {
    expect(totals(await ask(plugin(), source, STOPS, { headers }))).toEqual({ [EU]: 3, [US]: 7 });
  }
  const answered = { queryType: 'servers', view: 'totals', metric: 'answered', groupBy: ['server'] };
  expect(totals(await ask(plugin(), source, answered))).toEqual({ [EU]: 1, [US]: 1 });
});

test('a label is a filter', async () => {
  const source = asking([await serve('nats-0-eu'), await serve('nats-0-us')]);
  const filters = [{ key: 'server', operator: '=', values: ['nats-0 (us)'] }];
  expect(totals(await ask(plugin(), source, { ...STOPS, filters }))).toEqual({ [US]: 7 });
});

test('each has a counter of its own', async () => {
  const [eu, us] = [await serve('nats-0-eu'), await serve('nats-0-us')];
  const source = asking([eu, us]);
  await ask(plugin(), source, STOPS);
  closeOn(eu, 1);
  closeOn(us, 2);
  await ask(plugin(), source, STOPS);
  const lines = (await plugin().metrics())
    .split('\n')
    .filter((line) => line.startsWith('nats_connections_stopped_total{') && line.includes(source.uid));
  const counted = lines.map((line) => [/server="([^"]*)"/.exec(line)?.[1], Number(line.split(' ').at(-1))]);
  expect(counted.sort()).toEqual([
    ['nats-0 (eu)', 1],
    ['nats-0 (us)', 2],
  ]);
});

test('where one is dead it has no zero, and the other keeps its own', async () => {
  const us = await serve('nats-0-us');
  const source = asking([await serve('nats-0-eu'), us]);
  await ask(plugin(), source, STOPS);
  await us.stop();
  const { from } = last(HOUR);
  const range = { from: from - HOUR, to: from };
  expect(totals(await ask(plugin(), source, STOPS, { range }))).toEqual({ [EU]: 0 });
});

test('real ones, whose system accounts a leafnode bridges: the dead one is missed', async () => {
  const [leafs, gossip, monitor] = await freePorts(3);
  const { no_auth_user: _, ...accounts } = ACCOUNTS;
  const eu = await servers.start({
    ...accounts,
    server_name: 'nats-0',
    cluster: { name: 'eu', listen: '127.0.0.1:-1' },
    leafnodes: { listen: `127.0.0.1:${leafs}` },
  });
  const us = await servers.start({
    ...accounts,
    server_name: 'nats-0',
    cluster: { name: 'us', listen: `127.0.0.1:${gossip}` },
    http: `127.0.0.1:${monitor}`,
    leafnodes: { remotes: [{ url: `nats-leaf://grafana:s3cret@127.0.0.1:${leafs}`, account: 'SYS' }] },
  });
  const source = overNATS([eu]);
  const answered = async () =>
    totals(
      await ask(plugin(), source, { queryType: 'servers', view: 'totals', metric: 'answered', groupBy: ['server'] })
    );
  await eventually(async () => expect(await answered()).toEqual({ [EU]: 1, [US]: 1 }));
  await us.stop();
  await eventually(async () => expect(await answered()).toEqual({ [EU]: 1, [US]: 0 }));
  expect(notices(await ask(plugin(), source, STOPS))).toContain('nats-0 (us)');
});
