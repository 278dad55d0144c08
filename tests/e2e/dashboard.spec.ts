import { expect, test } from '@grafana/plugin-e2e';
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
