import { expect, test } from '@grafana/plugin-e2e';
import { queriesOf } from './dashboards';
import { DATA_SOURCE, Editor, exploreUrl } from './editor';

test('a new query in Explore is a log of what stopped', async ({ page }) => {
  const editor = new Editor(page);
  await page.goto(`/explore?left=${encodeURIComponent(JSON.stringify({ datasource: DATA_SOURCE.uid }))}`);
  await editor.says('Closed connections as log lines, newest first, at most 1,000 lines.');
  await expect(page.getByRole('heading', { name: 'Logs volume' })).toBeVisible();
  await expect(page.getByText(/ of account .* left n\d/).first()).toBeVisible();
});

test('a shared log opens with its filters', async ({ page }) => {
  const filters = [{ key: 'server', operator: '=~', values: ['n[12]'] }];
  await page.goto(exploreUrl({ queryType: 'stops', view: 'logs', filters }));
  await new Editor(page).says(/where server matches n\[12\]/);
  await expect(page.getByText(/ left n[12]/).first()).toBeVisible();
  await expect(page.getByText(/ left n3/)).toHaveCount(0);
});

test('what is wrong only for the backend comes back as its sentence', async ({ page }) => {
  const filters = [{ key: 'account', operator: '=~', values: ['('] }];
  await page.goto(exploreUrl({ queryType: 'stops', view: 'table', filters }));
  await expect(page.getByText(/is not an RE2 regular expression/).first()).toBeVisible();
});

test('the volume above log lines counts the whole range by severity', async ({ page }) => {
  const sent = queriesOf(page);
  await page.goto(exploreUrl({ queryType: 'stops', view: 'logs', limit: 1 }));
  await expect.poll(() => sent.filter(({ view }) => view === 'timeseries').length).toBe(1);
  await expect(page.getByText(/does not support/)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'warning' }).first()).toBeVisible();
});

test('a label of a line filters for its value, and the context of a line is shown', async ({ page }) => {
  const editor = new Editor(page);
  await page.goto(exploreUrl({ queryType: 'stops', view: 'logs' }));
  await page
    .getByText(/ left n\d/)
    .first()
    .click();
  await page
    .getByRole('button', { name: /Filter for value/i })
    .first()
    .click();
  await editor.says(/where account is /);
  await page
    .getByText(/ left n\d/)
    .first()
    .hover();
  await page
    .getByRole('button', { name: /Log menu/i })
    .first()
    .click();
  await page.getByRole('menuitem', { name: /context/i }).click();
  await expect(
    page
      .getByRole('dialog')
      .getByText(/ left n\d/)
      .nth(1)
  ).toBeVisible();
});

test('the help asks its examples', async ({ page }) => {
  await page.goto(exploreUrl({ queryType: 'servers', view: 'table' }));
  await page.getByRole('button', { name: /data source help/i }).click();
  await page.getByRole('button', { name: 'Failed logins by user' }).click();
  await new Editor(page).says('Closed connections by user and ip, where category is auth, top 50 groups.');
});

test('two values stand still', async ({ page }) => {
  const filters = [{ key: 'account', operator: '=|', values: ['orders', 'billing'] }];
  await page.goto(exploreUrl({ queryType: 'stops', view: 'table', filters }));
  const { root } = new Editor(page);
  await expect(root.getByRole('group', { name: 'Filter 1' })).toBeVisible();
  await expect(page.getByText('Loading')).toHaveCount(0);
  const changes = () =>
    root.evaluate(
      (element) =>
        new Promise<number>((resolve) => {
          let count = 0;
          const observer = new MutationObserver((records) => (count += records.length));
          observer.observe(element, { subtree: true, childList: true, attributes: true });
          setTimeout(() => resolve(count), 1_000);
        })
    );
  await expect.poll(changes).toBe(0);
});

test('typing asks once, and Enter never takes a fragment', async ({ page }) => {
  const editor = new Editor(page);
  await page.goto(exploreUrl({ queryType: 'stops', view: 'table' }));
  await editor.says('Closed connections by reason, top 50 groups.');
  const sent = queriesOf(page);
  await editor.root.getByRole('button', { name: 'Add filter' }).click();
  await expect(editor.field('Filter 1 value')).toBeFocused();
  await page.keyboard.type('slow con', { delay: 300 });
  await expect(page.getByRole('option').last()).toContainText('Use as typed');
  await page.keyboard.press('Enter');
  await editor.says(/where reason is Slow Consumer \((Pending Bytes|Write Deadline)\)/);
  expect(sent.filter(({ queryType }) => queryType === 'values')).toHaveLength(1);
  await editor.root.getByRole('button', { name: 'Remove filter 1' }).click();
  await expect(editor.root.getByRole('button', { name: 'Add filter' })).toBeFocused();
});
