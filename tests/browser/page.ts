/** A page of its own for the built plugin: what Grafana is to it, on React 19, and Chromium to look at it. */
import fs from 'node:fs';
import http from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, type Page, chromium } from '@playwright/test';
import { type Shown } from './host';

declare global {
  interface Window {
    System: object;
    reactVersion: string;
    show: (system: object, shown: Shown) => Promise<void>;
    axe: { run: (options: object) => Promise<{ violations: Array<{ id: string; nodes: Array<{ html: string }> }> }> };
  }
}

const ROOT = path.resolve(__dirname, '..', '..');

/** Where scripts/react19.mjs installs what tests/react-19 pins. */
const REACT_19 = path.join(ROOT, '.cache', 'react-19');

const ofReact19 = (file: string) => path.join(REACT_19, 'node_modules', file);

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>NATS Connections</title>
    <script>window.grafanaBootData = { settings: { buildInfo: {} }, user: {}, navTree: [] };</script>
    <script src="/host.js"></script>
    <script src="/system.js"></script>
    <script src="/amd.js"></script>
  </head>
  <body><main><h1>NATS</h1><div id="editor"></div></main></body>
</html>`;

/** The host and all it takes along, as one script. */
async function bundle(): Promise<string> {
  const { build } = require(ofReact19('esbuild')) as {
    build: (options: object) => Promise<{ outputFiles: Array<{ text: string }> }>;
  };
  const { outputFiles } = await build({
    // Packages are looked for from there on.
    stdin: { contents: fs.readFileSync(path.join(__dirname, 'host.ts'), 'utf8'), resolveDir: REACT_19, loader: 'ts' },
    bundle: true,
    write: false,
    // React says more of what is wrong.
    define: { 'process.env.NODE_ENV': '"development"', global: 'globalThis' },
    // Grafana's own styles are none of ours.
    loader: { '.css': 'empty', '.ttf': 'empty' },
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** A file of the built plugin. */
function built(pathname: string): string | undefined {
  const file = path.join(ROOT, 'dist', pathname.replace('/plugin/', ''));
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

/** Icons are Grafana's, and of no matter here. */
function icon(pathname: string): string | undefined {
  return pathname.endsWith('.svg') ? '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>' : undefined;
}

/** Serves the page and the built plugin; gives the address and how to end it. */
export async function serve(): Promise<{ url: string; close: () => void }> {
  const files: Record<string, string> = {
    '/': PAGE,
    '/host.js': await bundle(),
    '/system.js': fs.readFileSync(ofReact19('systemjs/dist/system.js'), 'utf8'),
    '/amd.js': fs.readFileSync(ofReact19('systemjs/dist/extras/amd.js'), 'utf8'),
  };
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const text = files[pathname] ?? (pathname.startsWith('/plugin/') ? built(pathname) : icon(pathname));
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': TYPES[path.extname(pathname)] ?? 'text/html',
    });
    response.end(text ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

/** Chromium: that of CHROMIUM_PATH, or else the one that scripts/react19.mjs unpacks, with the libraries it needs. */
export async function launch(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  const own = path.join(REACT_19, 'chromium');
  return process.env.CHROMIUM_PATH
    ? chromium.launch({ executablePath: process.env.CHROMIUM_PATH, args })
    : chromium.launch({
        executablePath: path.join(own, 'chromium'),
        args,
        env: {
          ...process.env,
          LD_LIBRARY_PATH: path.join(own, 'al2023', 'lib'),
          FONTCONFIG_FILE: path.join(REACT_19, 'fonts.conf'),
        },
      });
}

/** Opens the page and shows an editor; gives the page and what it complained about. */
export async function open(browser: Browser, url: string, shown: Shown): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 900 },
    colorScheme: shown.mode,
    locale: shown.language,
  });
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  await page.evaluate((what) => window.show(window.System, what), shown);
  return { page, complaints };
}

/** What axe finds: each rule with the elements that break it. Levels of headings are those of Grafana's own sections. */
export async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: ofReact19('axe-core/axe.min.js') });
  return page.evaluate(async () => {
    const { violations: found } = await window.axe.run({ rules: { 'heading-order': { enabled: false } } });
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}
