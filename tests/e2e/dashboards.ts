import { type Page, type Request } from '@playwright/test';
import { DATA_SOURCE } from './editor';

const datasource = { type: DATA_SOURCE.type, uid: DATA_SOURCE.uid };

/** A panel of our data source with one query. */
export function panel(id: number, query: object, type = 'table'): object {
  const target = { refId: 'A', datasource, version: 1, ...query };
  return { id, type, title: `p${id}`, gridPos: { x: 0, y: (id - 1) * 6, w: 24, h: 6 }, datasource, targets: [target] };
}

/** A variable that lists the values of a key. */
export function variable(name: string, part: object = {}): object {
  const query = { refId: name, version: 1, queryType: 'values', key: name };
  return { name, type: 'query', datasource, query, refresh: 1, multi: true, includeAll: true, ...part };
}

/** Filters at the top of the dashboard. */
export function adHoc(...filters: object[]): object {
  return { name: 'filters', type: 'adhoc', datasource, filters };
}

/** Stores a dashboard under its own name, so that a later run replaces it. */
export async function store(
  page: Page,
  name: string,
  panels: object[],
  variables: object[] = [],
  annotations: object[] = []
): Promise<string> {
  const uid = `e2e-${name}`;
  const time = { from: 'now-15m', to: 'now' };
  const templating = { list: variables };
  const dashboard = { uid, title: uid, time, panels, templating, annotations: { list: annotations } };
  const response = await page.request.post('/api/dashboards/db', { data: { dashboard, overwrite: true } });
  if (!response.ok()) {
    throw new Error(`${response.status()} ${await response.text()}`);
  }
  return `/d/${uid}`;
}

export interface Sent {
  datasource?: { uid: string };
  queryType: string;
  view?: string;
  interval?: string;
  filters?: Array<{ key: string; operator: string; values: string[] }>;
}

/** Notes every query that the page sends from now on. */
export function queriesOf(page: Page): Sent[] {
  const sent: Sent[] = [];
  page.on('request', (request: Request) => {
    if (request.url().includes('/api/ds/query')) {
      sent.push(...(request.postDataJSON() as { queries: Sent[] }).queries);
    }
  });
  return sent;
}
