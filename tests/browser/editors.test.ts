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
