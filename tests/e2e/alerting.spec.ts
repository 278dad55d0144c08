import { expect, test } from '@grafana/plugin-e2e';
import { DATA_SOURCE, Editor } from './editor';

test('a new alert rule starts with totals and can be previewed', async ({ alertRuleEditPage, page }) => {
  const editor = new Editor(page);
  await alertRuleEditPage.alertRuleNameField.fill('Unexpected stops');
  const row = await alertRuleEditPage.getQueryRow('A');
  await row.datasource.set(DATA_SOURCE.name);
  await editor.says('Closed connections by reason, top 50 groups.');
  await expect(alertRuleEditPage.evaluate()).toBeOK();
});

test('a new alert rule runs what its editor shows', async ({ page }) => {
  await page.goto('/alerting/new/alerting');
  await new Editor(page).says('Closed connections by reason, top 50 groups.');
  const evaluated = page.waitForRequest((request) => request.url().includes('/eval'));
  await page
    .getByRole('button', { name: /^Preview/ })
    .first()
    .click();
  const [query] = ((await evaluated).postDataJSON() as { data: Array<{ model: object }> }).data;
  expect(query.model).toMatchObject({ queryType: 'stops', view: 'totals', groupBy: ['reason'] });
});
