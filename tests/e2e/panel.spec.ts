import { expect, test } from '@grafana/plugin-e2e';
import { Editor } from './editor';

// A new panel asks the default data source, which is the provisioned one.
test.beforeEach(async ({ panelEditPage, page }) => {
  await expect(panelEditPage.getQueryEditorRow('A')).toBeVisible();
  await expect(new Editor(page).summary).toBeVisible();
});

test('a new panel shows closed connections by reason at once', async ({ panelEditPage, page }) => {
  const editor = new Editor(page);
  await editor.says('Closed connections per interval by reason, top 50 groups.');
  await editor.refresh();
  await expect(panelEditPage.panel.getErrorIcon()).toBeHidden();
});

test('totals by account are chosen by mouse', async ({ panelEditPage, page }) => {
  const editor = new Editor(page);
  await panelEditPage.toggleTableView();
  await editor.choose('View', /^Totals/);
  await editor.choose('Group by', /^account/);
  await page.keyboard.press('Escape');
  await editor.says('Closed connections by reason and account, top 50 groups.');
  await editor.refresh();
  await expect(panelEditPage.panel.fieldNames.first()).toContainText(' · ');
});

test('a table has the group first and then the number', async ({ panelEditPage, page }) => {
  const editor = new Editor(page);
  await panelEditPage.toggleTableView();
  await editor.choose('View', /^Table/);
  await editor.refresh();
  await expect(panelEditPage.panel.fieldNames).toContainText(['reason', 'stops']);
  await expect(panelEditPage.panel.data.first()).not.toBeEmpty();
});

test('records are sorted by a column that is chosen', async ({ panelEditPage, page }) => {
  const editor = new Editor(page);
  await panelEditPage.toggleTableView();
  await editor.choose('View', /^Records/);
  await editor.choose('Sort by', 'duration');
  await editor.says('Closed connections, one row each, largest duration first, at most 1,000 rows.');
  await editor.refresh();
  await expect(panelEditPage.panel.fieldNames).toContainText(['time', 'reason']);
});

test('open connections and servers are asked for from the same place', async ({ panelEditPage, page }) => {
  const editor = new Editor(page);
  await panelEditPage.toggleTableView();
  await editor.choose('Query type', /^Open connections/);
  // Of both there is what was kept over time, too, so the view stays.
  await editor.says('Open connections per interval by account and server, top 50 groups.');
  await editor.refresh();
  await editor.choose('View', /^Table/);
  await editor.says('Open connections by account and server, top 50 groups.');
  await editor.choose('Query type', /^Servers/);
  await editor.says('Servers, one row per server, top 1,000 groups.');
  await editor.refresh();
  await expect(panelEditPage.panel.data.filter({ hasText: /^n1$/ })).toBeVisible();
});

test('a filter suggests what the servers have shown, and filters', async ({ panelEditPage, page }) => {
  const editor = new Editor(page);
  await panelEditPage.toggleTableView();
  await editor.choose('View', /^Table/);
  await editor.root.getByRole('button', { name: 'Add filter' }).click();
  await expect(editor.root.getByRole('alert')).toHaveCount(0);
  await expect(editor.field('Filter 1 value')).toBeFocused();
  await editor.choose('Filter 1 key', /^server/);
  await editor.choose('Filter 1 value', 'n1');
  await editor.says('Closed connections by reason, where server is n1, top 50 groups.');
  await editor.choose('Filter 1 operator', /Is one of/);
  await editor.choose('Filter 1 value', 'n2');
  await page.keyboard.press('Escape');
  await editor.says('Closed connections by reason, where server is one of n1 or n2, top 50 groups.');
  await editor.refresh();
});

test('reasons are offered with their severity and class', async ({ page }) => {
  const editor = new Editor(page);
  await editor.root.getByRole('button', { name: 'Add filter' }).click();
  await editor.field('Filter 1 value').fill('Pending Bytes');
  const option = page.getByRole('option', { name: /Slow Consumer \(Pending Bytes\)/ });
  await expect(option).toContainText('critical, unexpected');
});

test('a limit that cannot be is told at its field and asks nothing', async ({ page }) => {
  const editor = new Editor(page);
  const limit = editor.root.getByLabel('Limit');
  await limit.fill('-3');
  await limit.blur();
  await expect(editor.root.getByRole('alert')).toHaveText('The limit is a whole number from 1 to 100,000.');
  await editor.says('Correct the marked field first.');
});

test('everything is reached and changed by keyboard alone', async ({ page }) => {
  const editor = new Editor(page);
  await editor.field('View').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('Table');
  await page.keyboard.press('Enter');
  await editor.says('Closed connections by reason, top 50 groups.');

  const limit = editor.root.getByLabel('Limit');
  for (let pressed = 0; pressed < 15 && !(await limit.evaluate((one) => one === document.activeElement)); pressed++) {
    await page.keyboard.press('Tab');
  }
  await expect(limit).toBeFocused();
  const asked = page.waitForResponse((response) => response.url().includes('/api/ds/query'));
  await page.keyboard.type('7');
  await page.keyboard.press('Control+Enter');
  expect((await asked).ok()).toBe(true);
  await editor.says('Closed connections by reason, top 7 groups.');
});

test('in a narrow window nothing is cut off', async ({ page }) => {
  const editor = new Editor(page);
  await page.setViewportSize({ width: 700, height: 900 });
  await editor.root.getByRole('button', { name: 'Add filter' }).click();
  const room = await editor.root.boundingBox();
  for (const part of [editor.field('Group by'), editor.field('Filter 1 value'), editor.root.getByLabel('Limit')]) {
    const box = await part.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((room?.x ?? 0) + (room?.width ?? 0));
  }
});
