import fs from 'node:fs';
import path from 'node:path';

import { parse as parseYaml } from 'yaml';

import plugin from '../../src/plugin.json';
import { anchorsOf, linksOf, readPage, ROOT } from './pages';

const names = (folder: string) => fs.readdirSync(path.join(ROOT, folder)).filter((name) => name.endsWith('.md'));

const pages = names(plugin.docsPath).map((name) => ({ name, ...readPage(`${plugin.docsPath}/${name}`) }));

const frontOf = (prose: string): { title: string; description: string; sidebar_position: number } =>
  parseYaml(/^---\n([^]*?)\n---\n/.exec(prose)?.[1] ?? '');

it('has every page for users, and those that the catalog asks for', () => {
  expect(pages).toHaveLength(names('docs').length + 1);
  const asked = ['index', 'configuration', 'query-editor'].map((page) => `${page}.md`);
  expect(pages.map(({ name }) => name)).toEqual(expect.arrayContaining(asked));
  expect(new Set(pages.map(({ prose }) => frontOf(prose).sidebar_position)).size).toBe(pages.length);
});

describe.each(pages)('$file', (page) => {
  it('has a title and a description that search results show whole', () => {
    const { title, description } = frontOf(page.prose);
    expect(title.length).toBeLessThanOrEqual(60);
    expect(description.length).toBeGreaterThanOrEqual(20);
    expect(description.length).toBeLessThanOrEqual(160);
  });

  it('has neither a title of its own, nor HTML, nor images from elsewhere', () => {
    expect(page.prose).not.toMatch(/^# |<!--|!\[|^<[a-z]/m);
  });

  it('leads to pages and headings that are there', () => {
    for (const link of linksOf(page).filter((to) => !/^[a-z]+:/.test(to))) {
      const [name = '', anchor] = link.split('#');
      const target = name === '' ? page : pages.find((other) => other.name === name);
      expect([link, target?.name]).toEqual([link, name || page.name]);
      expect(anchor === undefined ? [anchor] : anchorsOf(target ?? page)).toContain(anchor);
    }
  });
});
