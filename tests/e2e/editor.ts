import { type Locator, type Page, expect } from '@playwright/test';

/** The data source that provisioning/ makes. */
export const DATA_SOURCE = {
  name: 'NATS Connections',
  uid: 'nats-connections',
  type: 'natsops-connections-datasource',
};

/** Our query editor, wherever Grafana shows it. */
export class Editor {
  readonly root: Locator;
  readonly summary: Locator;

  constructor(private readonly page: Page) {
    this.root = page.getByRole('group', { name: 'NATS connections query' });
    this.summary = this.root.getByRole('status', { name: 'What is asked' });
  }

  field(label: string): Locator {
    return this.root.getByRole('combobox', { name: label, exact: true });
  }

  /** Chooses an option by mouse. */
  async choose(label: string, option: string | RegExp): Promise<void> {
    await this.field(label).click();
    await this.page.getByRole('option', { name: option }).first().click();
  }

  /** Types a value that may not be known yet, and takes it. */
  async type(label: string, text: string): Promise<void> {
    await this.field(label).fill(text);
    await this.page.getByRole('option', { name: text }).first().click();
  }

  /** Has the panel ask again, and waits for an answer that is no error. */
  async refresh(): Promise<void> {
    const answer = this.page.waitForResponse((response) => response.url().includes('/api/ds/query'));
    const content = this.page.getByTestId('data-testid Panel editor content');
    await content.getByTestId('data-testid RefreshPicker run button').click();
    expect((await answer).ok()).toBe(true);
  }

  async says(text: string | RegExp): Promise<void> {
    await expect(this.summary).toHaveText(text);
  }
}

/** Explore with one query, addressed as people share it. */
export function exploreUrl(query: object): string {
  const datasource = { type: DATA_SOURCE.type, uid: DATA_SOURCE.uid };
  const pane = {
    datasource: DATA_SOURCE.uid,
    queries: [{ refId: 'A', datasource, version: 1, ...query }],
    range: { from: 'now-1h', to: 'now' },
  };
  return `/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify({ a: pane }))}`;
}
