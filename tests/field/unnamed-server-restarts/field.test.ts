import { freePorts } from '../../../lab/ports';
import { visits } from '../../../lab/clients';
import { eventually } from '../../harness/eventually';
import { ask, notices, totals, usePlugin } from '../../harness/plugin';
import { overHTTP, useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const RESTARTS = 3;
const STOPS = { queryType: 'stops', view: 'totals', groupBy: [] };
const PANELS = [
  STOPS,
  { queryType: 'connections', view: 'table', groupBy: ['app'] },
  { queryType: 'connections', view: 'records' },
  { queryType: 'servers', view: 'table' },
  { queryType: 'values', key: 'account' },
];

test('its restarts cost no record and no process', async () => {
  const [port] = await freePorts(1);
  const n1 = await servers.start({ http: `127.0.0.1:${port}` });
  const source = overHTTP([n1]);
  const refresh = async () => {
    // Each panel asks for itself, and two dashboards are open.
    await Promise.all([...PANELS, ...PANELS].map((panel) => ask(plugin(), source, panel)));
  };
  for (let restart = 1; restart <= RESTARTS; restart++) {
    await visits(n1, 3);
    await eventually(async () => expect(totals(await ask(plugin(), source, STOPS))).toEqual({ '': 3 * restart }));
    await n1.stop();
    await refresh();
    await n1.start();
    // Open connections are looked at first.
    await ask(plugin(), source, { queryType: 'connections', view: 'records' });
    await refresh();
    await refresh();
    const answer = await ask(plugin(), source, STOPS);
    expect(totals(answer)).toEqual({ '': 3 * restart });
    expect(notices(answer).match(/ restarted at /g)).toHaveLength(restart);
    // Its labels stay, though its id does not.
    const by = (query: object) => ask(plugin(), source, { ...query, view: 'totals', groupBy: ['server'] });
    const server = `server=127.0.0.1:${port}`;
    expect(totals(await by({ queryType: 'stops' }))).toEqual({ [server]: 3 * restart });
    expect(totals(await by({ queryType: 'servers', metric: 'answered' }))).toEqual({ [server]: 1 });
    expect(plugin().alive).toBe(true);
  }
});
