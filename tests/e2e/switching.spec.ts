import { type Page } from '@playwright/test';
import { expect, test } from '@grafana/plugin-e2e';
import { panel, queriesOf, store } from './dashboards';
import { DATA_SOURCE } from './editor';
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

/** A data source of n1 alone. */
const onlyN1 = async (page: Page) =>
  dataSource(page, 'e2e-only-n1', { jsonData: { version: 1, urls: (await monitoringUrls(page)).slice(0, 1) } });

test('a panel that is given another data source asks that one at once', async ({ gotoPanelEditPage, page }) => {
  const other = await onlyN1(page);
  const dashboard = await store(page, 'other', [
    panel(1, { queryType: 'servers', view: 'table', groupBy: ['server'] }),
  ]);
  const edited = await gotoPanelEditPage({ dashboard: { uid: dashboard.replace('/d/', '') }, id: '1' });
  await expect(edited.panel.locator.getByRole('gridcell', { name: 'n3' })).toBeVisible();
  const sent = queriesOf(page);
  await edited.datasource.set(other);
  await expect(edited.panel.locator.getByRole('gridcell', { name: 'n3' })).toHaveCount(0);
  await expect(edited.panel.locator.getByRole('gridcell', { name: 'n1' })).toBeVisible();
  expect(sent.map(({ datasource }) => datasource?.uid)).toContain(other);
});

test('a variable that is given another data source lists that one’s values at once', async ({
  page,
  variableEditPage,
}) => {
  const other = await onlyN1(page);
  await variableEditPage.setVariableType('Query');
  await variableEditPage.datasource.set(DATA_SOURCE.name);
  await page.getByRole('combobox', { name: 'Values of', exact: true }).click();
  await page.getByRole('option', { name: /^server/ }).click();
  await expect(variableEditPage).toDisplayPreviews(['n1', 'n2', 'n3']);
  await variableEditPage.datasource.set(other);
  await expect(page.getByText('n3', { exact: true })).toHaveCount(0);
  await expect(variableEditPage).toDisplayPreviews(['n1']);
});
