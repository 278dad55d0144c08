import { expect, test } from '@grafana/plugin-e2e';
import { DATA_SOURCE } from './editor';

test('a new data source is filled in, saved and tested', async ({
  createDataSourceConfigPage,
  grafanaAPIClient,
  page,
}) => {
  const provisioned = await grafanaAPIClient.getDataSourceSettingsByUID(DATA_SOURCE.uid);
  const { urls } = provisioned.jsonData as { urls: string[] };
  const config = await createDataSourceConfigPage({ type: DATA_SOURCE.type });

  await page.getByRole('textbox', { name: /^Monitoring URLs/ }).fill(urls[0]);
  for (const [index, url] of urls.slice(1).entries()) {
    await page.getByRole('button', { name: 'Add URL' }).click();
    await page.getByRole('textbox', { name: `Monitoring URL ${index + 2}` }).fill(url);
  }
  await expect(config.saveAndTest()).toBeOK();
  await expect(config).toHaveAlert('success', { hasText: `${urls.length} of ${urls.length} servers answered` });
});

test('a server that nobody runs is named, with what to do', async ({ createDataSourceConfigPage, page }) => {
  const config = await createDataSourceConfigPage({ type: DATA_SOURCE.type });
  await page.getByRole('textbox', { name: /^Monitoring URLs/ }).fill('http://127.0.0.1:9');
  await expect(config.saveAndTest()).not.toBeOK();
  await expect(config).toHaveAlert('error', { hasText: /127\.0\.0\.1:9 .*Check host and port/ });
});

test('a wrong address is told where it is written', async ({ createDataSourceConfigPage, page }) => {
  await createDataSourceConfigPage({ type: DATA_SOURCE.type });
  const url = page.getByRole('textbox', { name: /^Monitoring URLs/ });
  await url.fill('nats://me:secret@n1:4222');
  await url.blur();
  await expect(page.getByRole('alert').filter({ hasText: 'not the client port' })).toBeVisible();
});

test('the class of a reason and the app patterns are kept', async ({ createDataSourceConfigPage, page }) => {
  const config = await createDataSourceConfigPage({ type: DATA_SOURCE.type });
  await page.getByRole('textbox', { name: /^Monitoring URLs/ }).fill('http://127.0.0.1:9');
  await page.getByRole('combobox', { name: /Reason to classify/ }).fill('Write Deadline');
  await page.getByRole('option', { name: /Slow Consumer \(Write Deadline\)/ }).click();
  await page.getByRole('button', { name: 'Add reason' }).click();
  await page.getByRole('textbox', { name: 'Pattern 3' }).fill('-replica-[0-9]+$');
  await page.getByRole('textbox', { name: 'Try a client name' }).fill('ledger-replica-4');
  await expect(page.getByText('App: ledger', { exact: true })).toBeVisible();
  await config.saveAndTest();

  await page.reload();
  const row = page.getByRole('group', { name: 'Slow Consumer (Write Deadline)' });
  await expect(row.getByRole('radio', { name: 'Planned' })).toBeChecked();
  await expect(page.getByRole('textbox', { name: 'Pattern 3' })).toHaveValue('-replica-[0-9]+$');
});

test('the provisioned data source is shown, cannot be changed, and answers', async ({
  gotoDataSourceConfigPage,
  page,
}) => {
  const config = await gotoDataSourceConfigPage(DATA_SOURCE.uid);
  await expect(page.getByRole('textbox', { name: /^Monitoring URLs/ })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Add URL' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Add pattern' })).toBeDisabled();
  await expect(page.getByText(/sees the connections of all accounts/)).toBeVisible();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(config).toHaveAlert('success', { hasText: /servers answered/ });
});
