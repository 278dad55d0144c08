import { expect, test } from '@grafana/plugin-e2e';
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
