import fs from 'node:fs';
import path from 'node:path';

import Ajv from 'ajv';
import { parse as parseYaml } from 'yaml';

import { KEYS, OPERATORS, SPECS, type QueryType } from '../../src/query/model.gen';
import { REASONS } from '../../src/query/reasons.gen';
import { failures, messages } from './messages';
import { anchorsOf, fileOf, linksOf, quotationsOf, readPage, readPages, ROOT, wordsInCode } from './pages';

const pages = readPages();
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const reasons = REASONS.map(({ text }) => text);
const blocksOf = (kind: string) =>
  pages.flatMap(({ file, blocks }) =>
    blocks.filter((block) => block.kind === kind).map(({ text }) => ({ file, text }))
  );

const schema = JSON.parse(read('src/schema/query.json'));
const validate = new Ajv().compile(schema);

interface Example {
  queryType?: QueryType;
  filters?: Array<{ key: string; values: string[] }>;
}

function expectQuery(query: Example) {
  expect([validate(query), validate.errors]).toEqual([true, null]);
  // Grafana writes two keys of its own into every query, so the schema allows others.
  const known = ['refId', 'datasource', ...Object.keys(schema.definitions[query.queryType ?? 'stops'].properties)];
  expect(known).toEqual(expect.arrayContaining(Object.keys(query)));
  for (const { key, values } of query.filters ?? []) {
    if (key === 'reason') {
      expect(reasons).toEqual(expect.arrayContaining(values));
    }
  }
}

describe.each(pages)('$file', (page) => {
  it('leads only to files and headings that exist', () => {
    for (const link of linksOf(page)) {
      const target = fileOf(link, page);
      if (target) {
        expect([link, fs.existsSync(path.join(ROOT, target.file))]).toEqual([link, true]);
        expect(target.anchor === undefined ? [target.anchor] : anchorsOf(readPage(target.file))).toContain(
          target.anchor
        );
      }
    }
  });

  it('gives only commands that exist', () => {
    const run = [...read(page.file).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name);
    expect(Object.keys(JSON.parse(read('package.json')).scripts)).toEqual(expect.arrayContaining(run));
  });

  it('says of every block of JSON and YAML what it is', () => {
    const kinds = page.blocks.map(({ kind }) => kind).filter((kind) => /^(json|ya?ml)\b/.test(kind));
    const known = [
      'json query',
      'json settings',
      'yaml datasource',
      'yaml rule',
      'yaml provider',
      'yaml helm',
      'yaml service',
      'yaml prometheus',
      'yaml stream',
    ];
    expect(known).toEqual(expect.arrayContaining(kinds));
  });

  it('names only reasons that exist', () => {
    const named = wordsInCode(page).filter((word) => /^[A-Z][A-Za-z]+( [A-Z(][A-Za-z)]+)+$/.test(word));
    expect(reasons).toEqual(expect.arrayContaining(named));
  });
});

describe('examples', () => {
  it.each(blocksOf('json query'))('$file: $text', ({ text }) => expectQuery(JSON.parse(text)));

  it.each(blocksOf('yaml rule'))('$file: an alert rule', ({ text }) => {
    const models = parseYaml(text).groups.flatMap(({ rules }: { rules: Array<{ data: Array<{ model: object }> }> }) =>
      rules.flatMap(({ data }) => data.map(({ model }) => model))
    );
    const queries = models.filter((model: object) => !('expression' in model));
    expect(queries.length).toBeGreaterThan(0);
    queries.forEach(expectQuery);
  });

  it.each(blocksOf('yaml prometheus'))('$file: a part of a configuration of Prometheus', ({ text }) => {
    const { scrape_configs = [], groups = [] } = parseYaml(text);
    const plugin = JSON.parse(read('src/plugin.json')).id;
    for (const { metrics_path } of scrape_configs) {
      expect(metrics_path).toBe(`/metrics/plugins/${plugin}`);
    }
    const rules = groups.flatMap((group: { rules: object[] }) => group.rules);
    for (const rule of rules) {
      expect(rule).toEqual(expect.objectContaining({ expr: expect.stringContaining('nats_connections_') }));
    }
    expect(scrape_configs.length + rules.length).toBeGreaterThan(0);
  });

  const settings = [
    ...blocksOf('yaml datasource').flatMap(({ text }) => parseYaml(text).datasources),
    ...blocksOf('json settings').map(({ text }) => ({ name: 'settings', jsonData: JSON.parse(text) })),
  ];

  it.each(settings)('$name: only settings that are explained', ({ jsonData, secureJsonData = {} }) => {
    const explained = wordsInCode(readPage('docs/provision.md'));
    expect(explained).toEqual(expect.arrayContaining([...Object.keys(jsonData), ...Object.keys(secureJsonData)]));
    expect(reasons).toEqual(expect.arrayContaining(Object.keys(jsonData.classOverrides ?? {})));
  });
});

describe('docs/query.md', () => {
  const named = wordsInCode(readPage('docs/query.md')).map((word) => word.replaceAll('\\', ''));

  it('names everything that can be asked', () => {
    const specs = Object.values(SPECS);
    const all = [
      Object.keys(SPECS),
      KEYS,
      OPERATORS,
      ...specs.map(({ views, metrics }) => [...views, ...metrics]),
    ].flat();
    expect(named).toEqual(expect.arrayContaining(all));
  });
});

describe('docs/troubleshoot.md', () => {
  const quoted = quotationsOf(readPage('docs/troubleshoot.md'));
  const said = messages();

  it.each(quoted)('%s', (quotation) => {
    const heard = quotation.charAt(0).toLowerCase() + quotation.slice(1);
    expect(quotation.replace(/[^a-z]/gi, '').length).toBeGreaterThan(10);
    expect(said.some((message) => [quotation, heard.replace(/\.$/, '')].some((text) => message.includes(text)))).toBe(
      true
    );
  });

  it('explains every way in which a server can fail to answer', () => {
    const sentences = failures();
    expect(sentences.length).toBeGreaterThan(20);
    expect(quoted).toEqual(expect.arrayContaining(sentences));
  });
});

describe('README.md', () => {
  const readme = readPage('README.md');

  it('is a page of the catalog, too: absolute links, no comments, none of the words its validator refuses', () => {
    expect(linksOf(readme).filter((link) => !link.startsWith('https://'))).toEqual([]);
    expect(read('README.md')).not.toMatch(/<!--|yarn|nodejs/i);
  });

  it('names the versions of this release', () => {
    const { version } = JSON.parse(read('package.json'));
    const urls = read('README.md').match(/\d+\.\d+\.\d+(?=\.zip)/g) ?? [];
    expect(new Set(urls)).toEqual(new Set([version]));
    expect(read('CHANGELOG.md')).toContain(`## ${version}`);
    expect(readme.prose).toContain(`Go ${/^go (\S+)$/m.exec(read('go.mod'))?.[1]}`);
    expect(readme.prose).toContain('Node.js 20');
  });

  it('has the screenshots of the catalog, in the package and of a size that loads', () => {
    const { screenshots } = JSON.parse(read('src/plugin.json')).info;
    expect(screenshots.length).toBeGreaterThan(0);
    for (const { path: file } of screenshots) {
      expect(fs.statSync(path.join(ROOT, 'src', file)).size).toBeLessThan(300 * 1024);
    }
  });
});
