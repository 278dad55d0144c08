/** Finds in the source what comments cite, and says what is wrong with it. */
import fs from 'node:fs';
import path from 'node:path';

import { anchorsOf, readPage, ROOT } from './pages';

const FOLDERS = ['pkg', 'internal', 'lab', 'scripts', 'src', 'tests', 'dashboards', '.github', '.ci'];
const SOURCE = /\.(go|tsx?|mjs|ya?ml|md)$|^\.ci\/run$/;

/** Where a page that is cited by its name alone may be. */
const SHELVES = ['', 'docs', 'docs/development'];

/** Every file that people write, by its path. */
export function sourceFiles(): Record<string, string> {
  const inFolders = FOLDERS.flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')))
  );
  const files = [...inFolders, ...fs.readdirSync(ROOT)].filter((file) => SOURCE.test(file));
  return Object.fromEntries(files.map((file) => [file, fs.readFileSync(path.join(ROOT, file), 'utf8')]));
}

const decisions = readPage('docs/development/decisions.md').prose;

function pageOf(name: string, from: string): string | undefined {
  const shelves = [path.posix.dirname(from), ...SHELVES];
  return shelves.map((shelf) => path.posix.join(shelf, name)).find((file) => fs.existsSync(path.join(ROOT, file)));
}

function wrongPage(name: string, anchor: string | undefined, from: string): boolean {
  const page = pageOf(name, from);
  return page === undefined || (anchor !== undefined && !anchorsOf(readPage(page)).includes(anchor));
}

/** What a text cites that is not there. */
export function lostCitations(text: string, from = ''): string[] {
  const lost: string[] = [];
  for (const [cited, number] of text.matchAll(/\bdecision (D\d+)\b/gi)) {
    if (!decisions.includes(`\n## ${number} `)) {
      lost.push(cited);
    }
  }
  const ours = text
    .replace(/https?:\/\/(?!github\.com\/natsops\/)\S+/g, '')
    .replace(/https:\/\/\S*\/blob\/main\//g, '');
  for (const [cited, name = '', anchor] of ours.matchAll(/([\w/-]+\.md)(?:#([\w-]+))?/g)) {
    if (wrongPage(name, anchor, from)) {
      lost.push(cited);
    }
  }
  // Numbered sections and lines of another project are those of documents that are not here, or move.
  for (const [cited] of text.matchAll(
    /(?<!decision )\bD\d{1,2}\b(?=[).,:;]| says)|\S*\s*§\s*[\d.]*|\b[a-z_]+\.go:\d+/g
  )) {
    lost.push(cited);
  }
  return lost;
}
