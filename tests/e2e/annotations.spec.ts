import { expect, test } from '@grafana/plugin-e2e';
import { RawClient, addressOf } from '../../lab/raw-client';
import { panel, store } from './dashboards';
import { DATA_SOURCE } from './editor';

const NAME = '<img src="https://example.org/x.png"><a href="https://example.org/login">payments</a>';

test('a client’s name is text in an annotation: nothing of it is loaded or can be clicked', async ({
  grafanaAPIClient,
  page,
}) => {
  const { jsonData } = await grafanaAPIClient.getDataSourceSettingsByUID(DATA_SOURCE.uid);
  const { hostname, port } = new URL((jsonData as { urls: string[] }).urls[0]);
  const client = await RawClient.open(addressOf(`nats://${hostname}:${Number(port) - 4000}`));
  client.sendConnect({ name: NAME, user: 'nobody', pass: 'wrong' });
  await client.closed;

  const elsewhere: string[] = [];
  page.on('request', (request) => request.url().includes('example.org') && elsewhere.push(request.url()));
  const filters = [{ key: 'name', operator: '=', values: [NAME] }];
  const target = { refId: 'Anno', version: 1, queryType: 'stops', view: 'records', limit: 1, filters };
  const annotation = { name: 'refused', enable: true, iconColor: 'red', datasource: DATA_SOURCE, target };
  const stops = panel(1, { queryType: 'stops', view: 'timeseries', groupBy: [] }, 'timeseries');
  await page.goto(await store(page, 'annotations', [stops], [], [annotation]));
  await page.getByTestId('data-testid annotation-marker').first().hover();
  await expect(page.getByText(NAME).first()).toBeVisible();
  await expect(page.locator('a[href*="example.org"]')).toHaveCount(0);
  expect(elsewhere).toEqual([]);
});
