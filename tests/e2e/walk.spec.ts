import { expect, test } from '@grafana/plugin-e2e';
import { dataSource, monitoringUrls } from './sources';
import { DATA_SOURCE } from './editor';

// Grafana draws a panel when it comes into view.
test.use({ viewport: { width: 1280, height: 2600 } });

interface Pane {
  datasource: string;
  queries: Array<{ filters: Array<{ values: string[] }> }>;
  range: { from: string; to: string };
}

interface Alert {
  labels: Record<string, string>;
  annotations: { dashboard_url?: string; summary?: string };
}

/** Any data source that has lines stands for the servers' log: here the one of the same servers, asked for the whole server. */
const LINK = {
  title: 'Server log',
  datasource: DATA_SOURCE.uid,
  query: JSON.stringify({
    version: 1,
    queryType: 'stops',
    view: 'logs',
    filters: [{ key: 'server', operator: '=', values: ['${server}'] }],
  }),
};

test('from the message of the slow-consumer rule to the lines of the server’s log: three clicks, nothing typed', async ({
  page,
}) => {
  const urls = await monitoringUrls(page);
  await dataSource(page, 'e2e-walk', { jsonData: { version: 1, urls, links: [LINK] } });
  let alert: Alert | undefined;
  await expect(async () => {
    const alerts = (await (await page.request.get('/api/alertmanager/grafana/api/v2/alerts')).json()) as Alert[];
    alert = alerts.find(({ labels }) => labels.alertname?.startsWith('NATS slow consumer') && labels.app);
    expect(alert).toBeDefined();
  }).toPass({ timeout: 120_000 });

  // The message says who, how often, how much was lost and when; its link is the first click.
  const { app = '', account = '' } = alert?.labels ?? {};
  expect(alert?.annotations.summary).toMatch(new RegExp(`^${app} \\(${account}\\): .*at least .* lost, last at `));
  const link = new URL(alert?.annotations.dashboard_url ?? '');
  link.searchParams.set('var-datasource', 'e2e-walk');
  await page.goto(link.pathname + link.search);
  const panel = (title: string) => page.getByTestId(new RegExp(`Panel header ${title}`));
  await expect(
    panel('Instances')
      .getByText(new RegExp(`^${app}`))
      .first()
  ).toBeVisible();
  for (const column of ['Stops', 'Open now', 'Back?']) {
    await expect(panel('Instances').getByRole('columnheader', { name: column })).toBeVisible();
  }
  await expect(
    panel('Why, and what to do')
      .getByText(/^Slow Consumer/)
      .first()
  ).toBeVisible();
  await expect(panel('Why, and what to do').getByRole('columnheader', { name: 'What to do' })).toBeVisible();
  await expect(
    panel('Servers it stopped on')
      .getByText(/^n[123]$/)
      .first()
  ).toBeVisible();

  const lines = panel('Its unexpected stops, one by one');
  await lines.scrollIntoViewIfNeeded();
  await lines
    .getByText(/Slow Consumer/)
    .first()
    .click();
  const log = page.getByRole('link', { name: 'Server log' }).first();
  const [opened] = await Promise.all([page.context().waitForEvent('page'), log.click()]);
  await expect(opened.getByText(/ left n[123]/).first()).toBeVisible();
  const pane = JSON.parse(new URL(opened.url()).searchParams.get('panes') ?? '{}') as Record<string, Pane>;
  const [{ datasource, queries, range }] = Object.values(pane) as [Pane];
  expect([datasource, queries[0].filters[0].values[0]]).toEqual([DATA_SOURCE.uid, expect.stringMatching(/^n[123]$/)]);
  // A minute before the stop, and one after it.
  expect(Number(range.to) - Number(range.from)).toBe(120_000);
});
