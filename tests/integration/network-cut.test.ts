import { sleep } from '../../lab/wait';
import { MINUTE, usePlugin } from '../harness/plugin';
import { ACCOUNTS, useServers } from '../harness/servers';
import { claimsOf } from './claims';
import { Network } from './network';
import { Truth } from './truth';
import { agree, waysTo } from './ways';

const plugin = usePlugin();
const servers = useServers();
const between = new Network();

afterAll(() => between.close());

test('while the network is cut for a minute nothing is known, and everything after it', async () => {
  const cluster = await servers.cluster(['n1', 'n2', 'n3'], { ...ACCOUNTS, authorization: { timeout: 30 } });
  const truth = new Truth();
  const ways = await waysTo(cluster, (url) => between.to(url));
  await truth.happen(3, ...cluster);
  await agree(plugin(), ways, truth, '');
  between.cut();
  for (const mended = Date.now() + MINUTE; Date.now() < mended; await sleep(1_000)) {
    await truth.happen(1, ...cluster);
    for (const source of Object.values(ways)) {
      await expect(claimsOf(plugin(), source)).rejects.toThrow('No server answered');
    }
  }
  between.mend();
  await agree(plugin(), ways, truth, '');
}, 300_000);
