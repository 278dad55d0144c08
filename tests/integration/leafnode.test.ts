import { freePorts } from '../../lab/ports';
import { has } from '../../lab/release';
import { eventually } from '../harness/eventually';
import { ask, rows, usePlugin } from '../harness/plugin';
import { ACCOUNTS, RELEASE, overNATS, useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const LEAFNODES = [{ key: 'kind', operator: '=', values: ['Leafnode'] }];
const OPEN = { queryType: 'connections', view: 'records', filters: LEAFNODES };
const CLOSED = { queryType: 'stops', view: 'records', filters: LEAFNODES };

test('the end of a leafnode, which no counter tells, is seen within ten seconds of the server', async () => {
  const [port = 0] = await freePorts(1);
  const { no_auth_user: _, ...accounts } = ACCOUNTS;
  const hub = await servers.start({
    server_name: 'hub',
    leafnodes: { listen: `127.0.0.1:${port}` },
    ...accounts,
  });
  const leaf = await servers.start({
    server_name: 'leaf',
    leafnodes: { remotes: [{ url: `nats-leaf://app:s3cret@127.0.0.1:${port}` }] },
  });
  const source = overNATS([hub]);
  if (has(RELEASE, '2.11.5')) {
    await eventually(async () => expect(rows(await ask(plugin(), source, OPEN))).toHaveLength(1));
  }
  // Two reads find nothing, so the third finds peace.
  for (let i = 0; i < 3; i++) {
    await ask(plugin(), source, CLOSED);
  }
  await leaf.kill();
  let inVain = 0; // The last read without it, by the hub's clock.
  const [found] = await eventually(async () => {
    const [state] = rows(await ask(plugin(), source, { queryType: 'servers', view: 'table', groupBy: ['server'] }));
    const list = rows(await ask(plugin(), source, CLOSED));
    if (list.length === 0) {
      inVain = Number(state?.last_read);
    }
    expect(list).toHaveLength(1);
    return list;
  });
  // Its record is written a moment after it stopped.
  const late = inVain - Number(found?.time);
  expect(late).toBeGreaterThan(0);
  expect(late).toBeLessThan(11_000);
});
