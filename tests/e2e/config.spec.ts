import { type PluginFixture, expect, test } from '@grafana/plugin-e2e';
import { type Page } from '@playwright/test';
import { USERS } from '../../lab/topology';
import { DATA_SOURCE } from './editor';

/** The monitoring URLs of the lab's servers, as this Grafana reaches them. */
async function monitoringUrls(grafana: PluginFixture['grafanaAPIClient']): Promise<string[]> {
  const { jsonData } = await grafana.getDataSourceSettingsByUID(DATA_SOURCE.uid);
  return (jsonData as { urls: string[] }).urls;
}

/** The lab's servers listen for clients 4000 ports below. */
const natsServers = (urls: string[]): string[] =>
  urls.map((url) => `nats://${new URL(url).hostname}:${Number(new URL(url).port) - 4000}`);

async function logIn(page: Page, { user, password }: { user: string; password: string }): Promise<void> {
  await page.getByRole('radio', { name: /^User and password/ }).check();
  await page.getByRole('textbox', { name: /^User \*/ }).fill(user);
  await page.getByLabel(/^Password \*/).fill(password);
}

test('a new data source is filled in, saved and tested', async ({
  createDataSourceConfigPage,
  grafanaAPIClient,
  page,
}) => {
  const urls = await monitoringUrls(grafanaAPIClient);
  const config = await createDataSourceConfigPage({ type: DATA_SOURCE.type });

  await page.getByRole('textbox', { name: /^Monitoring URLs/ }).fill(urls[0]);
  for (const [index, url] of urls.slice(1).entries()) {
    await page.getByRole('button', { name: 'Add URL' }).click();
    await page.getByRole('textbox', { name: `Monitoring URL ${index + 2}` }).fill(url);
  }
  await expect(config.saveAndTest()).toBeOK();
  await expect(config).toHaveAlert('success', { hasText: `${urls.length} of ${urls.length} servers answered` });
});

test('a system account is logged in to over NATS, and its password is stored', async ({
  createDataSourceConfigPage,
  grafanaAPIClient,
  page,
}) => {
  const [server = ''] = natsServers(await monitoringUrls(grafanaAPIClient));
  const config = await createDataSourceConfigPage({ type: DATA_SOURCE.type });
  await page.getByRole('radio', { name: 'NATS system account' }).check();
  await expect(page.getByRole('textbox', { name: /^Monitoring URLs/ })).toBeHidden();
  await page.getByRole('textbox', { name: /^NATS servers/ }).fill(server);
  await logIn(page, USERS.sys);
  await expect(config.saveAndTest()).toBeOK();
  await expect(config).toHaveAlert('success', { hasText: '3 of 3 servers answered' });

  await page.reload();
  await expect(page.getByRole('radio', { name: 'NATS system account' })).toBeChecked();
  await expect(page.getByRole('textbox', { name: /^NATS servers/ })).toHaveValue(server);
  await expect(page.getByLabel(/^Password \*/)).toHaveValue('configured');
});

test('both ways together count each server once', async ({ createDataSourceConfigPage, grafanaAPIClient, page }) => {
  const [url = ''] = await monitoringUrls(grafanaAPIClient);
  const config = await createDataSourceConfigPage({ type: DATA_SOURCE.type });
  await page.getByRole('radio', { name: 'System account and HTTP monitoring' }).check();
  await page.getByRole('textbox', { name: /^NATS servers/ }).fill(natsServers([url]).join());
  await page.getByRole('textbox', { name: /^Monitoring URLs/ }).fill(url);
  await logIn(page, USERS.sys);
  await expect(config.saveAndTest()).toBeOK();
  await expect(config).toHaveAlert('success', { hasText: '3 of 3 servers answered' });
});

test('a tenant sees its own account, and is told which', async ({
  createDataSourceConfigPage,
  grafanaAPIClient,
  page,
}) => {
  const [server = ''] = natsServers(await monitoringUrls(grafanaAPIClient));
  const config = await createDataSourceConfigPage({ type: DATA_SOURCE.type });
  await page.getByRole('radio', { name: 'NATS account', exact: true }).check();
  await expect(page.getByText(/none of any other account/)).toBeVisible();
  await page.getByRole('textbox', { name: /^NATS servers/ }).fill(server);
  await logIn(page, USERS.orders);
  await expect(config.saveAndTest()).toBeOK();
  await expect(config).toHaveAlert('success', { hasText: 'connections of account orders' });
});

test('a user of another account than the system account is told so', async ({
  createDataSourceConfigPage,
  grafanaAPIClient,
  page,
}) => {
  const [server = ''] = natsServers(await monitoringUrls(grafanaAPIClient));
  const config = await createDataSourceConfigPage({ type: DATA_SOURCE.type });
  await page.getByRole('radio', { name: 'NATS system account' }).check();
  await page.getByRole('textbox', { name: /^NATS servers/ }).fill(server);
  await logIn(page, USERS.orders);
  await expect(config.saveAndTest()).not.toBeOK();
  await expect(config).toHaveAlert('error', { hasText: /system account/ });
});

test('the way to the servers is chosen and changed by keyboard, and nothing written is lost', async ({
  createDataSourceConfigPage,
  page,
}) => {
  await createDataSourceConfigPage({ type: DATA_SOURCE.type });
  await page.getByRole('textbox', { name: /^Monitoring URLs/ }).fill('http://127.0.0.1:9');
  await page.getByRole('radio', { name: 'HTTP monitoring', exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'NATS system account' })).toBeChecked();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('switch', { name: /^Hide user names and addresses/ })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('nats://127.0.0.1:9');
  await expect(page.getByRole('textbox', { name: /^NATS servers/ })).toHaveValue('nats://127.0.0.1:9');
  await page.getByRole('radio', { name: 'NATS account', exact: true }).focus();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('textbox', { name: /^Monitoring URLs/ })).toHaveValue('http://127.0.0.1:9');
  await expect(page.getByRole('textbox', { name: /^NATS servers/ })).toHaveValue('nats://127.0.0.1:9');
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
  await page.getByLabel('Expand section Stop reasons').click();
  await page.getByRole('combobox', { name: /Reason to classify/ }).fill('Write Deadline');
  await page.getByRole('option', { name: /Slow Consumer \(Write Deadline\)/ }).click();
  await page.getByRole('button', { name: 'Add reason' }).click();
  await page.getByLabel('Expand section Apps').click();
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
  await expect(page.getByRole('radio', { name: 'NATS account', exact: true })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Add URL' })).toBeDisabled();
  await page.getByLabel('Expand section Apps').click();
  await expect(page.getByRole('button', { name: 'Add pattern' })).toBeDisabled();
  await expect(page.getByText(/sees the connections of all accounts/)).toBeVisible();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(config).toHaveAlert('success', { hasText: /servers answered/ });
});
