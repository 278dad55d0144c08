import { expect, test } from '@grafana/plugin-e2e';
import { panel, store } from './dashboards';
import { dataSource, monitoringUrls } from './sources';

test('a bar chart over a table draws one number, on one axis', async ({ page }) => {
  const query = { queryType: 'stops', view: 'table', groupBy: ['account'] };
  await page.goto(await store(page, 'bars', [panel(1, query, 'barchart')]));
  const chart = page.getByTestId(/Panel header p1$/);
  await expect(chart.locator('.u-over')).toBeVisible();
  // One axis for the groups, one for their number.
  await expect(chart.locator('.u-axis')).toHaveCount(2);
  await expect(chart.getByTestId(/VizLegend series/)).toHaveCount(1);
});

test('a dashboard that is imported on the page of a data source asks that one', async ({ page }) => {
  const name = await dataSource(page, 'zz-last-by-name', {
    jsonData: { version: 1, urls: await monitoringUrls(page) },
  });
  await page.goto(`/connections/datasources/edit/${name}/dashboards`);
  const row = page.getByRole('row', { name: /NATS: Servers and coverage/ });
  await row.getByRole('button', { name: /^(Import|Re-import)$/ }).click();
  await expect(row.getByRole('link', { name: /NATS: Servers and coverage/ })).toBeVisible();
  await row.getByRole('link', { name: /NATS: Servers and coverage/ }).click();
  await expect(page).toHaveURL(/var-datasource=zz-last-by-name/);
});
