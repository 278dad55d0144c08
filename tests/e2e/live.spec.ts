import { expect, test } from '@grafana/plugin-e2e';
import { Passers } from '../../lab/passers';
import { USERS } from '../../lab/topology';
import { panel, store } from './dashboards';
import { monitoringUrls } from './sources';

/** For ten minutes: LIVE_SECONDS=600. */
const SECONDS = Number(process.env.LIVE_SECONDS ?? 20);
const PER_SECOND = 100;
/** All that the panel keeps is in sight: a server that is busy may be read late, and its rows are not the newest then. */
const ROWS = 1_000;
const ROW_PX = 36;

declare global {
  interface Window {
    shown: Set<string>;
  }
}

test('a panel that follows shows every stop, and no other', async ({ page }) => {
  test.setTimeout((SECONDS + 120) * 1_000);
  const all = await Promise.all((await monitoringUrls(page)).map(clientsOf));
  const servers = all.filter(({ connections }) => connections > PER_SECOND);
  const name = `passer-${Date.now()}`;
  const { user, password: pass } = USERS.orders;
  const passers = new Passers(servers, PER_SECOND, () => name, { user, pass });
  const filters = [{ key: 'name', operator: '=', values: [name] }];
  const path = await store(page, 'live', [
    {
      ...panel(1, { queryType: 'stops', view: 'logs', live: true, limit: ROWS, filters }),
      gridPos: { x: 0, y: 0, w: 24, h: ROWS },
      options: { cellHeight: 'sm' },
      transformations: [{ id: 'filterFieldsByName', options: { include: { names: ['id'] } } }],
    },
  ]);
  await page.setViewportSize({ width: 400, height: (ROWS + 100) * ROW_PX });
  await page.addInitScript(noteWhatIsShown);
  await page.goto(path);
  await expect(page.getByTestId('data-testid Panel header p1')).toBeVisible();
  passers.start();
  await page.waitForTimeout(SECONDS * 1_000);
  await passers.stop();
  const shown = () => page.evaluate(() => [...window.shown].sort());
  const missing = async () => {
    const ids = new Set(await shown());
    return passers.ids().filter((id) => !ids.has(id));
  };
  await expect.poll(async () => (await missing()).length).toBe(0);
  expect(await shown()).toEqual(passers.ids().sort());
  expect(passers.left.size).toBeGreaterThan(SECONDS * PER_SECOND * 0.9);
});

/** Notes the id of each row that stands in the page, be it for one drawing. */
function noteWhatIsShown(): void {
  window.shown = new Set();
  const look = () => {
    for (const cell of document.querySelectorAll('[role="gridcell"]')) {
      window.shown.add(cell.textContent);
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

/** Where clients connect to a server that is monitored at this URL, and how many may. */
async function clientsOf(monitor: string): Promise<{ url: string; connections: number }> {
  const answer = await (await fetch(`${monitor}/varz`)).json();
  const { port, max_connections: connections } = answer as { port: number; max_connections: number };
  return { url: `nats://${new URL(monitor).hostname}:${port}`, connections };
}
