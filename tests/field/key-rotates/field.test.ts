import { type DataSource } from '../../../lab/host';
import { sleep } from '../../../lab/wait';
import { asking, closeOn, emptied, useImitations } from '../../harness/imitations';
import { ask, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const RING = 4;
const KNOWN = 48;
const KEYS = 5;
const EVERY_MS = 5_000;
const STOPS = { queryType: 'stops', view: 'totals', groupBy: [] };

/** The data source as it is asked while the proxy has this key. */
const withKey = (source: DataSource, key: number): DataSource => ({
  ...source,
  grafana: {
    GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_ENABLED: 'true',
    GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS: '127.0.0.1:1',
    GF_SECURE_SOCKS_DATASOURCE_PROXY_ALLOW_INSECURE: 'true',
    GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY_VAL: `key ${key}`,
  },
});

test('any number of keys is one memory and one reader', async () => {
  const n1 = await serve('n1');
  const record = emptied(n1);
  const source = asking([n1], { backgroundSync: '5s' });
  const known = async (key: number) => totals(await ask(plugin(), withKey(source, key), STOPS))[''];
  expect(await known(0)).toBe(0);
  for (let stops = RING; stops <= KNOWN; stops += RING) {
    closeOn(n1, RING, record, RING);
    expect(await known(0)).toBe(stops);
  }
  for (let key = 1; key <= KEYS; key++) {
    expect(await known(key)).toBe(KNOWN);
  }
  expect(await known(0)).toBe(KNOWN);

  const reads = () => n1.requests.filter(({ path }) => path === '/varz').length;
  const before = reads();
  await sleep(2 * EVERY_MS + EVERY_MS / 2);
  expect(reads() - before).toBeGreaterThanOrEqual(1);
  expect(reads() - before).toBeLessThanOrEqual(3);
});
