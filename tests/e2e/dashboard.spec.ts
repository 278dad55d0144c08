import { expect, test } from '@grafana/plugin-e2e';
import { panel, store } from './dashboards';
import { DATA_SOURCE } from './editor';

const UID = 'nats-connections';

test('the provisioned dashboard shows data and no error', async ({ gotoDashboardPage, page }) => {
  const failed: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/ds/query') && !response.ok()) {
      failed.push(`${response.status()} ${response.url()}`);
    }
  });
  const dashboard = await gotoDashboardPage({ uid: UID });
  await dashboard.waitForQueryDataResponse((response) => response.ok());
  await expect(page.getByRole('cell', { name: /Failure|Error|Slow Consumer|Stale/ }).first()).toBeVisible();
  await expect(dashboard).toHavePanelErrors(0);
  expect(failed).toEqual([]);
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
