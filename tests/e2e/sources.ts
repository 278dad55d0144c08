import { type Page } from '@playwright/test';
import { DATA_SOURCE } from './editor';

/** Makes a data source of that uid anew, so that a run may follow one that broke off. */
export async function dataSource(page: Page, uid: string, part: object): Promise<string> {
  await page.request.delete(`/api/datasources/uid/${uid}`);
  const data = { uid, name: uid, type: DATA_SOURCE.type, access: 'proxy', ...part };
  const response = await page.request.post('/api/datasources', { data });
  if (!response.ok()) {
    throw new Error(`${response.status()} ${await response.text()}`);
  }
  return uid;
}

/** The monitoring URLs of the lab's servers, as this Grafana reaches them. */
export async function monitoringUrls(page: Page): Promise<string[]> {
  const response = await page.request.get(`/api/datasources/uid/${DATA_SOURCE.uid}`);
  return ((await response.json()) as { jsonData: { urls: string[] } }).jsonData.urls;
}

/** Where nobody listens. */
export const NOBODY = 'http://127.0.0.1:9';
