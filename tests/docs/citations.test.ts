import fs from 'node:fs';
import path from 'node:path';

import { lostCitations, sourceFiles } from './citations';
import { readPages, ROOT, wordsInCode } from './pages';

describe('what comments cite is there', () => {
  const files = sourceFiles();

  it('reads the whole repository', () => {
    const read = Object.keys(files);
    expect(read).toEqual(expect.arrayContaining(['pkg/main.go', 'scripts/test.mjs', 'README.md', '.ci/run']));
    expect(read.length).toBeGreaterThan(300);
  });

  it.each(Object.entries(files).filter(([file]) => !file.startsWith('tests/docs/citations')))('%s', (file, text) => {
    expect(lostCitations(text, file)).toEqual([]);
  });
});

describe('a citation', () => {
  it.each([
    'as decision D1 says',
    'Decision D15',
    '(nats-server.md#what-counters-miss)',
    'docs/development/architecture.md',
    'README.md',
    'https://example.com/page.md',
  ])('%s is good', (text) => {
    expect(lostCitations(text)).toEqual([]);
  });

  it.each([
    ['decision D99'],
    ['(design D3)'],
    ['(nats-facts §11)'],
    ['(nats-server client.go:2080)'],
    ['nats-server.md#what-nobody-wrote'],
    ['elsewhere.md'],
  ])('%s is lost', (text) => {
    expect(lostCitations(text)).not.toEqual([]);
  });
});

describe('docs/development', () => {
  const pages = readPages().filter(({ file }) => /development|CONTRIBUTING/.test(file));

  it.each(pages)('$file names only files and folders that exist', (page) => {
    const named = wordsInCode(page).filter((word) =>
      /^(pkg|internal|lab|scripts|src|tests|docs|dashboards)\//.test(word)
    );
    expect(named.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});
