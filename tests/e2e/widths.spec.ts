import { type Locator } from '@playwright/test';
import { expect, test } from '@grafana/plugin-e2e';

/** The columns that decide, by dashboard and panel. */
const DECISIVE: Array<[uid: string, panel: string, columns: string[]]> = [
  ['nats-connections', 'Worth a look (empty: nothing found)', ['Finding', 'What to do']],
];

/** Whether all of an element is within another, from left to right. */
async function isWithin(part: Locator, whole: Locator): Promise<boolean> {
  const [box, room] = await Promise.all([part.boundingBox(), whole.boundingBox()]);
  return box !== null && room !== null && box.x >= room.x && box.x + box.width <= room.x + room.width + 1;
}

for (const [uid, title, columns] of DECISIVE) {
  test(`at 1280 pixels, ${title} on ${uid} shows ${columns.join(', ')}`, async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 3400 });
    await page.goto(`/d/${uid}?from=now-15m&to=now`);
    const panel = page.getByTestId(`data-testid Panel header ${title}`);
    for (const column of columns) {
      const head = panel.getByRole('columnheader', { name: column, exact: true });
      await expect(head).toBeVisible();
      expect([column, await isWithin(head, panel)]).toEqual([column, true]);
    }
  });
}

for (const uid of ['nats-connections', 'nats-app', 'nats-account', 'nats-servers']) {
  test(`at 1280 pixels, beside Grafana's menu, the titles on ${uid} are whole`, async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 3400 });
    await page.goto(`/d/${uid}?from=now-15m&to=now`);
    await expect(page.getByRole('gridcell').first()).toBeVisible();
    const titles = page.locator('section h2');
    await expect(titles.first()).toBeVisible();
    const cut = await titles.evaluateAll((all) =>
      all.filter((title) => title.scrollWidth > title.clientWidth).map((title) => title.textContent)
    );
    expect(cut).toEqual([]);
  });
}
