import { expect, test } from '@grafana/plugin-e2e';
import { panel, store } from './dashboards';
import { DATA_SOURCE } from './editor';

// Grafana draws a panel when it comes into view.
test.use({ viewport: { width: 1280, height: 3400 } });

const UIDS = ['nats-connections', 'nats-app', 'nats-account', 'nats-servers'];
/** What the page of a data source says of itself. */
const INPUT = { name: '*', type: 'datasource', pluginId: DATA_SOURCE.type, value: DATA_SOURCE.name };
const PLUGIN = '/api/plugins/natsops-connections-datasource/dashboards';

for (const uid of UIDS) {
  test(`the provisioned dashboard ${uid} shows data and no error`, async ({ gotoDashboardPage, page }) => {
    const failed: string[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/api/ds/query') && !response.ok()) {
        failed.push(`${response.status()} ${response.url()}`);
      }
    });
    const dashboard = await gotoDashboardPage({ uid });
    await dashboard.waitForQueryDataResponse((response) => response.ok());
    await expect(page.getByRole('gridcell').first()).toBeVisible();
    await expect(dashboard).toHavePanelErrors(0);
    expect(failed).toEqual([]);
  });
}

test('a cell narrows the dashboard to its value', async ({ page }) => {
  await page.goto('/d/nats-connections?from=now-15m&to=now');
  const apps = page.getByTestId(/Panel header Apps that stopped unexpectedly/);
  await apps.scrollIntoViewIfNeeded();
  const cell = apps.getByRole('gridcell').filter({ hasText: 'price-feed' }).first();
  await cell.hover();
  await cell.getByRole('button', { name: 'Filter for value' }).click();
  await expect(page).toHaveURL(/var-filters=app%7C%3D%7Cprice-feed/);
  await expect(apps.getByRole('gridcell').filter({ hasText: 'price-feed' }).first()).toBeVisible();
  await expect(apps.getByRole('gridcell').filter({ hasText: 'billing-service' })).toHaveCount(0);
});

test('an app leads to its dashboard, with time, data source and filters', async ({ page }) => {
  const to = Date.now();
  const range = `from=${to - 900_000}&to=${to}`;
  await page.goto(`/d/nats-connections?${range}&var-server=n1&var-filters=lang%7C!%3D%7Cnone`);
  const apps = page.getByTestId(/Panel header Apps that stopped unexpectedly/);
  await apps.scrollIntoViewIfNeeded();
  await apps.getByRole('link', { name: 'price-feed' }).first().click();
  await expect(page).toHaveURL(/\/d\/nats-app/);
  const asked = new URL(page.url()).searchParams;
  expect(['from', 'to'].map((end) => Date.parse(asked.get(end) ?? ''))).toEqual([to - 900_000, to]);
  expect(Object.fromEntries(asked)).toMatchObject({
    'var-datasource': DATA_SOURCE.uid,
    'var-server': 'n1',
    'var-account': 'orders',
    'var-app': 'price-feed',
    'var-filters': 'lang|!=|none',
  });
  await expect(
    page
      .getByTestId(/Panel header Instances/)
      .getByText(/^price-feed-/)
      .first()
  ).toBeVisible();
});

test('the plugin brings dashboards that work as they are imported', async ({ page }) => {
  const listed = await (await page.request.get(PLUGIN)).json();
  expect(listed.map(({ path }: { path: string }) => path).sort()).toEqual(
    ['account', 'app', 'servers', 'stops'].map((name) => `dashboards/${name}.json`)
  );
  const imported = await page.request.post('/api/dashboards/import', {
    data: { pluginId: DATA_SOURCE.type, path: 'dashboards/stops.json', overwrite: true, inputs: [INPUT] },
  });
  expect(imported.ok()).toBe(true);
  const { uid } = await imported.json();
  expect(UIDS).not.toContain(uid);
  await page.goto(`/d/${uid}?from=now-15m&to=now`);
  await expect(page.getByRole('gridcell').first()).toBeVisible();
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  await page.request.delete(`/api/dashboards/uid/${uid}`);
});

test('a variable lists the known values of its key', async ({ variableEditPage, page }) => {
  await variableEditPage.setVariableType('Query');
  await variableEditPage.datasource.set(DATA_SOURCE.name);
  await page.getByRole('combobox', { name: 'Values of', exact: true }).click();
  await page.getByRole('option', { name: /^server/ }).click();
  await variableEditPage.runQuery();
  await expect(variableEditPage).toDisplayPreviews(['n1', 'n2', 'n3']);
});

test('an annotation marks unexpected stops', async ({ annotationEditPage, page }) => {
  await expect(page.getByRole('status', { name: 'What is asked' })).toContainText('where class is unexpected');
  await expect(annotationEditPage.runQuery()).toBeOK();
  await expect(page.getByText(/[1-9]\d* events \(from \d+ fields\)/)).toBeVisible();
});

test('a number leads to the records of the dashboard’s time, a bar to those of its interval', async ({ page }) => {
  const stat = panel(1, { queryType: 'stops', view: 'totals', groupBy: ['class'] }, 'stat');
  const bars = panel(2, { queryType: 'stops', view: 'timeseries', groupBy: [], interval: '15m' }, 'timeseries');
  const to = Date.now();
  await page.goto(`${await store(page, 'links', [stat, bars])}?from=${to - 900_000}&to=${to}`);
  const left = (href: string | null) =>
    JSON.parse(new URL(href ?? '', 'http://grafana').searchParams.get('left') ?? '{}');

  const link = page.getByTestId(/Panel header p1$/).locator('a[href*="left="]');
  const { range } = left(await link.first().getAttribute('href'));
  expect([Date.parse(range.from), Date.parse(range.to)]).toEqual([to - 900_000, to]);

  const plot = page.getByTestId(/Panel header p2$/).locator('.u-over');
  const box = (await plot.boundingBox()) ?? { width: 0, height: 0 };
  await expect(async () => {
    await plot.click({ position: { x: box.width - 5, y: box.height / 2 } });
    await expect(page.getByRole('link', { name: /^Records of / })).toBeVisible({ timeout: 3_000 });
  }).toPass();
  const bar = left(await page.getByRole('link', { name: /^Records of / }).getAttribute('href')).range;
  expect(Number(bar.to) - Number(bar.from)).toBe(900_000 - 1);
  expect(Number(bar.from) % 900_000).toBe(0);
});
