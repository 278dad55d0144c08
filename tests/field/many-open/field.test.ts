import { type Imitation } from '../../../lab/imitation';
import { sleep } from '../../../lab/wait';
import { asking, useImitations } from '../../harness/imitations';
import { ask, notices, rows, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const OPEN = 30_000;
const KEYS_TYPED = 7;

async function crowded(): Promise<Imitation> {
  const n1 = await serve('n1');
  const { varz, open } = n1.replies;
  const [one] = open.splice(0);
  for (let cid = 1; cid <= OPEN; cid++) {
    open.push({ ...one, cid, name: `billing-${cid % 26}x`, account: `A${cid % 3}` });
  }
  Object.assign(varz, { connections: OPEN, total_connections: OPEN });
  return n1;
}

const listsRead = ({ requests }: Imitation): number =>
  requests.filter(({ path, search }) => path === '/connz' && search.get('state') !== 'closed').length;

test('typing reads them once', async () => {
  const n1 = await crowded();
  const source = asking([n1]);
  const values = async () => rows(await ask(plugin(), source, { queryType: 'values', key: 'name' })).length;
  expect(await values()).toBe(26);
  const read = listsRead(n1);
  expect(read).toBeGreaterThan(0);
  for (let key = 1; key < KEYS_TYPED; key++) {
    expect(await values()).toBe(26);
  }
  expect(listsRead(n1)).toBe(read);
});

test('groups share a read, and say how old it is', async () => {
  const n1 = await crowded();
  const source = asking([n1]);
  const by = (key: string) => ask(plugin(), source, { queryType: 'connections', view: 'totals', groupBy: [key] });
  expect(totals(await by('account'))).toEqual({ 'account=A0': 10_000, 'account=A1': 10_000, 'account=A2': 10_000 });
  const read = listsRead(n1);
  const fresh = await Promise.all(['account', 'server', 'lang', 'type'].map(by));
  expect(fresh.map(notices).join()).not.toContain('Open connections as they were');
  await sleep(10_500);
  expect(notices(await by('server'))).toMatch(/Open connections as they were 1[0-4]s ago: all 30000 are read for this/);
  expect(listsRead(n1)).toBe(read);
  await sleep(5_000);
  expect(notices(await by('server'))).not.toContain('Open connections as they were');
  expect(listsRead(n1)).toBeGreaterThan(read);
});
