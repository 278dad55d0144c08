import { type Browser } from '@playwright/test';
import { type Shown } from './host';
import { launch, open, serve, violations } from './page';

let browser: Browser;
let served: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  [browser, served] = await Promise.all([launch(), serve()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  served?.close();
});

const FILTERS = [{ key: 'category', operator: '=', values: ['slow_consumer'] }];
const LINKS = [{ title: 'About this app', key: 'app', url: 'https://wiki.example/apps/${app}' }];

/** Each editor as somebody finds it, and with all that it can have. */
const EDITORS: Array<[string, Pick<Shown, 'what' | 'with'>, string]> = [
  [
    'settings over HTTP',
    { what: 'settings', with: { urls: ['http://n1:8222', 'http://n2:8222'] } },
    'Monitoring URL 2',
  ],
  [
    'settings over NATS',
    {
      what: 'settings',
      with: { nats: { servers: ['nats://n1:4222'], auth: 'user' }, backgroundSync: '30s', links: LINKS },
    },
    'NATS servers',
  ],
  ['a new query', { what: 'query', with: {} }, 'Query type'],
  [
    'a query with filters',
    { what: 'query', with: { queryType: 'stops', view: 'table', groupBy: ['app'], filters: FILTERS } },
    'Filter 1 key',
  ],
  ['a variable', { what: 'variable', with: { key: 'app', filters: FILTERS } }, 'Values of'],
];

const open19 = (part: Pick<Shown, 'what' | 'with'>, mode: Shown['mode'], language = 'en-US') =>
  open(browser, served.url, { ...part, mode, language });

describe.each(['light', 'dark'] as const)('on React 19, %s', (mode) => {
  test.each(EDITORS)('%s shows without complaint, for everybody', async (_, part, label) => {
    const { page, complaints } = await open19(part, mode);
    await page.getByLabel(label, { exact: false }).first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

test('whoever reads German finds the editors in German', async () => {
  const { page } = await open19({ what: 'query', with: { queryType: 'stops', view: 'table' } }, 'dark', 'de-DE');
  await page.getByText('Filter hinzufügen').waitFor();
  expect(await page.getByRole('status').textContent()).toBe(
    'Geschlossene Verbindungen nach reason, die 50 größten Gruppen.'
  );
  await page.close();
});

test('a query is changed by hand', async () => {
  const { page, complaints } = await open19({ what: 'query', with: { queryType: 'stops', view: 'table' } }, 'dark');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByLabel('Filter 1 value').fill('Slow');
  await page.getByRole('option', { name: /Slow Consumer \(Pending Bytes\)/ }).click();
  await page.getByText('where reason is Slow Consumer (Pending Bytes)').waitFor();
  expect(await page.evaluate(() => window.reactVersion)).toMatch(/^19\./);
  expect(complaints).toEqual([]);
  await page.close();
});

const THREE = { queryType: 'stops', view: 'table', groupBy: ['reason', 'account', 'server'], filters: FILTERS };

// A whole window, and half of one as in Explore's split.
test.each([1280, 620])('at %d pixels, three keys are seen and a filter stays on one line', async (width) => {
  const { page } = await open19({ what: 'query', with: THREE }, 'dark');
  await page.setViewportSize({ width, height: 900 });
  for (const key of THREE.groupBy) {
    await page.getByRole('button', { name: `Remove ${key}` }).waitFor();
  }
  const middle = async (label: string) => {
    const box = await page.getByLabel(label, { exact: true }).boundingBox();
    return (box?.y ?? Number.NaN) + (box?.height ?? Number.NaN) / 2;
  };
  expect(Math.abs((await middle('Remove filter 1')) - (await middle('Filter 1 value')))).toBeLessThan(4);
  await page.close();
});

test.each([
  ['HTTP', { urls: ['http://n1:8222', 'http://n2:8222'] }, /^Remove URL 1/],
  ['NATS', { nats: { servers: ['nats://n1:4222'], auth: 'user' } }, /^User \*/],
])('the settings over %s have one right edge', async (_, jsonData, field) => {
  const { page } = await open19({ what: 'settings', with: jsonData }, 'light');
  const parts = [
    page.getByRole('radiogroup', { name: 'How the servers are reached' }),
    page.getByRole('alert'),
    page.getByLabel(field).first(),
  ];
  const edges = await Promise.all(
    parts.map(async (part) => {
      const { x = 0, width = 0 } = (await part.boundingBox()) ?? {};
      return Math.round(x + width);
    })
  );
  expect(new Set(edges)).toEqual(new Set([578]));
  await page.close();
});

test('what is wrong on a page is found', async () => {
  const { page, complaints } = await open19({ what: 'variable', with: { key: 'app' } }, 'light');
  await page.getByLabel('Values of').waitFor();
  await page.evaluate(() => {
    document.body.append(document.createElement('input'));
    console.error('that went wrong');
  });
  expect(await violations(page)).toContainEqual('label: <input>');
  expect(complaints).toEqual(['that went wrong']);
  await page.close();
});
