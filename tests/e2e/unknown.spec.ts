import { type Page } from '@playwright/test';
import { expect, test } from '@grafana/plugin-e2e';
import { NOBODY, dataSource, monitoringUrls } from './sources';

test.use({ viewport: { width: 1280, height: 3400 } });

const tile = (page: Page, title: string) => page.getByTestId(`data-testid Panel header ${title}`);

/** The colours in which texts of a panel are written. */
const colours = (page: Page, title: string) =>
  tile(page, title).evaluate((panel) =>
    [...panel.querySelectorAll('span, div')]
      .filter((one) => one.children.length === 0 && one.textContent?.trim())
      .map((one) => getComputedStyle(one).color)
  );

const isGreen = (colour: string) => {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return green > red + 30 && green > blue + 30;
};

test('where no server answers, no tile has a number, and none is green', async ({ page }) => {
  await dataSource(page, 'e2e-nobody', { jsonData: { version: 1, urls: [NOBODY] } });
  await page.goto('/d/nats-connections?from=now-15m&to=now&var-datasource=e2e-nobody');
  for (const title of ['Unexpected stops', 'Slow consumers', 'Bytes lost', 'Open']) {
    await expect(tile(page, title)).toContainText('unknown');
    expect(await colours(page, title).then((found) => found.filter(isGreen))).toEqual([]);
  }
  await expect(tile(page, 'Servers')).toContainText(/1\s*servers? do(es)? not answer|servers do not answer\s*1/);
});

test('where one of three does not answer, how many of how many is said, and why', async ({ page }) => {
  const urls = await monitoringUrls(page);
  await dataSource(page, 'e2e-silent', { jsonData: { version: 1, urls: [...urls.slice(0, 2), NOBODY] } });
  await page.goto('/d/nats-servers?from=now-15m&to=now&var-datasource=e2e-silent');
  const silent = tile(page, 'Servers');
  await expect(silent.getByText('servers do not answer')).toBeVisible();
  await expect(silent.getByText('servers are known')).toBeVisible();
  const numbers = (await silent.innerText()).match(/\b\d+\b/g);
  expect(numbers).toEqual(['1', '3']);

  // Why stands where a window of 1280 pixels shows it.
  const table = tile(page, 'Servers and how complete their records are');
  const error = table.getByText(/^No answer|connection refused|127\.0\.0\.1:9/).first();
  await expect(error).toBeVisible();
  const [box, room] = await Promise.all([error.boundingBox(), table.boundingBox()]);
  expect((box?.x ?? 0) + 100).toBeLessThan((room?.x ?? 0) + (room?.width ?? 0));
});
