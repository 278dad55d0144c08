import fs from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import plugin from '../src/plugin.json';
import { REASONS, SEVERITY_COLOURS } from '../src/query/reasons.gen';
import { PROVISIONED_UID } from './ask';
import { NAMES } from './dashboards';
import { ALERTING_FILE, bundledFile, outputs, provisionedFile } from './outputs';
import { MARKS } from './parts';
import { UID } from './place';

const ROOT = path.resolve(__dirname, '..');
const read = (file: string) => parse(fs.readFileSync(path.join(ROOT, file), 'utf8'));

interface Panel {
  id: number;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig: { defaults: { noValue?: string } };
}

/** Every object somewhere in a document, with the path to it. */
function objectsIn(value: unknown, at = '$'): Array<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const inner = Object.entries(value).flatMap(([name, child]) => objectsIn(child, `${at}.${name}`));
  return Array.isArray(value) ? inner : [[at, value as Record<string, unknown>], ...inner];
}

describe('generated files', () => {
  it.each(Object.entries(outputs()))('%s is what dashboards/ says (npm run generate)', (file, text) => {
    expect(read(file)).toEqual(parse(text));
  });

  it('are all that lie there', () => {
    const lying = (folder: string) => fs.readdirSync(path.join(ROOT, folder)).filter((name) => name.endsWith('.json'));
    expect(lying('provisioning/dashboards').sort()).toEqual(NAMES.map((name) => `${UID[name]}.json`).sort());
    expect(lying('src/dashboards').sort()).toEqual(NAMES.map((name) => `${name}.json`).sort());
  });
});

describe('the dashboards that the plugin brings', () => {
  it('are named in plugin.json by their titles', () => {
    expect(plugin.includes).toEqual(
      NAMES.map((name) => ({ type: 'dashboard', name: read(bundledFile(name)).title, path: `dashboards/${name}.json` }))
    );
  });

  it.each(NAMES)('%s has neither uid nor id, nor links that need those of others', (name) => {
    const stored = read(bundledFile(name));
    expect(stored).not.toHaveProperty('uid');
    expect(stored).not.toHaveProperty('id');
    expect(JSON.stringify(stored)).not.toContain('"/d/');
  });
});

describe('the data source that a dashboard asks first', () => {
  const chosen = (file: string) =>
    (read(file).templating.list as Array<{ name: string; current?: object }>).find((one) => one.name === 'datasource')
      ?.current;

  it.each(NAMES)('is that of the files beside %s', (name) => {
    const [{ name: text, uid: value }] = read('provisioning/datasources/nats-connections.yaml').datasources;
    expect(chosen(provisionedFile(name))).toEqual({ selected: true, text, value });
  });

  it.each(NAMES)('is the one on whose page %s is imported, whatever others there are', (name) => {
    const { __inputs } = read(bundledFile(name));
    expect(__inputs).toEqual([expect.objectContaining({ name: 'DS_NATS', type: 'datasource', pluginId: plugin.id })]);
    expect(chosen(bundledFile(name))).toMatchObject({ text: '${DS_NATS}', value: '${DS_NATS}' });
  });
});

describe.each(NAMES)('the dashboard %s', (name) => {
  const stored = read(provisionedFile(name));
  const panels: Panel[] = stored.panels;

  it('asks the data source of its variable, never one by its uid', () => {
    const { uid, links, templating, ...rest } = stored;
    expect(uid).toBe(UID[name]);
    const hardCoded = objectsIn(rest).filter(([, object]) => Object.values(object).includes(PROVISIONED_UID));
    expect(hardCoded).toEqual([]);
    const references = objectsIn(stored)
      .filter(([at]) => at.endsWith('.datasource'))
      .map(([, { type, uid: of }]) => `${type} ${of}`)
      .filter((reference) => reference !== '__expr__ __expr__');
    expect(new Set(references)).toEqual(new Set([`${plugin.id} \${datasource}`, 'grafana -- Grafana --']));
  });

  it('leads only to dashboards that are there, with the time, the data source and the filters', () => {
    const addresses = objectsIn(stored).flatMap(([, { url }]) =>
      typeof url === 'string' && url.startsWith('/d/') ? [url] : []
    );
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) {
      const [target = '', query = ''] = address.replace('/d/', '').split('?');
      expect(Object.values(UID)).toContain(target);
      expect(query).toMatch(/^\$\{__url_time_range\}&\$\{datasource:queryparam\}.*\$\{filters:queryparam\}&var-/);
    }
  });

  it('starts with six hours and refreshes', () => {
    expect(stored.time).toEqual({ from: 'now-6h', to: 'now' });
    expect(stored.refresh).toBe('30s');
  });

  it('has panels with ids of their own, each with a description that says what to do', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, description } of panels) {
      expect([title, description]).toEqual([title, expect.stringMatching(/[.!]$/)]);
      expect((description ?? '').split(/[.:] /).length).toBeGreaterThan(1);
    }
  });

  it('has panels that neither overlap nor leave the grid', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`)
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
  });

  it('says of each panel what stands where nothing is known', () => {
    for (const { title, fieldConfig } of panels) {
      expect([title, fieldConfig.defaults.noValue]).toEqual([title, expect.stringMatching(/\S/)]);
    }
  });

  it('writes the numbers of tiles as they are, whatever unit the data source says', () => {
    const counting = objectsIn(stored.panels).filter(([, { matcher, properties }]) =>
      JSON.stringify([matcher, properties]).match(/byFrameRefID.*"(unexpected stops|slow consumers|open now)"/)
    );
    for (const [, { properties }] of counting) {
      expect(properties).toContainEqual({ id: 'unit', value: 'locale' });
    }
    expect(counting.length > 0).toBe(name !== 'servers');
  });

  it('is green nowhere, since what is not known would look well', () => {
    expect(JSON.stringify(stored)).not.toMatch(/green/);
  });

  it('colours marks only, each severity’s in its own form', () => {
    const coloured = objectsIn(stored).filter(([, { properties }]) =>
      JSON.stringify(properties ?? '').includes('color-text')
    );
    for (const [, { matcher, properties }] of coloured) {
      expect(matcher).toEqual({ id: 'byName', options: 'severity' });
      const texts = objectsIn(properties).flatMap(([, { text, color }]) => (text ? [[text, color]] : []));
      expect(texts).toEqual(
        Object.entries(MARKS).map(([severity, mark]) => [
          mark,
          SEVERITY_COLOURS[severity as keyof typeof SEVERITY_COLOURS],
        ])
      );
    }
    expect(new Set(Object.values(MARKS)).size).toBe(new Set(REASONS.map(({ severity }) => severity)).size);
  });

  it('applies the chosen account and server wherever they mean something', () => {
    for (const [at, target] of objectsIn(stored.panels).filter(([, { queryType }]) => queryType)) {
      const keys = (target.filters as Array<{ key: string; values: string[] }>)
        .filter(({ key, values }) => values[0] === `$${key}`)
        .map(({ key }) => key);
      const wanted = ['account', 'server', ...(name === 'app' ? ['app'] : [])];
      expect([at, keys]).toEqual([at, target.queryType === 'servers' ? ['server'] : wanted]);
    }
  });

  it('shows numbers as they are, none rounded to K', () => {
    expect(objectsIn(stored.panels).filter(([, { unit }]) => unit === 'short')).toEqual([]);
    const units = objectsIn(stored.panels).flatMap(
      ([, { properties }]) => (properties as Array<{ id: string; value: unknown }> | undefined) ?? []
    );
    expect(units.filter(({ id, value }) => id === 'unit' && value === 'short')).toEqual([]);
    expect(units.filter(({ id }) => id === 'decimals')).toEqual([]);
  });

  it('tells how far it can be trusted in one place, and nowhere else', () => {
    const telling = panels.filter((panel) =>
      objectsIn(panel).some(
        ([, { queryType, view, coverageShown }]) =>
          (queryType === 'stops' || (queryType === 'servers' && view === 'table')) && !coverageShown
      )
    );
    expect(telling.map(({ title }) => title)).toEqual([
      'How far this can be trusted',
      ...(name === 'servers' ? ['Servers and how complete their records are'] : []),
    ]);
  });

  it('has no panel whose only bar would have no name', () => {
    expect(stored.panels.map(({ type }: { type: string }) => type)).not.toContain('bargauge');
  });

  it('needs no font of emoji', () => {
    expect(JSON.stringify(stored)).not.toMatch(/\p{Extended_Pictographic}(?<![◆▲■●©®™])/u);
  });

  it('says what to do in words, where it says why', () => {
    for (const { title, fieldConfig } of panels.filter(({ title: named }) => named === 'Why, and what to do')) {
      const overrides = (
        fieldConfig as unknown as { overrides: Array<{ matcher: { options: string }; properties: object[] }> }
      ).overrides;
      const remedy = overrides.find(({ matcher }) => matcher.options === 'remedy')?.properties;
      expect([title, remedy]).toEqual([title, expect.arrayContaining([{ id: 'custom.wrapText', value: true }])]);
    }
  });

  it('has what is worth a look first, and marks what happened to servers', () => {
    const [first] = [...panels].sort((a, b) => a.gridPos.y - b.gridPos.y);
    expect(first?.title).toBe('Worth a look (empty: nothing found)');
    const marks: Array<{ name: string; enable: boolean; target?: object }> = stored.annotations.list;
    expect(marks.find(({ name: called }) => called === 'Server events')).toMatchObject({
      enable: true,
      target: {
        queryType: 'servers',
        view: 'events',
        filters: [{ key: 'server', operator: '=~', values: ['$server'] }],
      },
    });
  });

  it('takes “All” for no filter, so that an account seen for the first time is not left out', () => {
    const variables: Array<{ type: string; includeAll: boolean }> = stored.templating.list;
    for (const variable of variables.filter(({ type, includeAll }) => type === 'query' && includeAll)) {
      expect(variable).toMatchObject({ multi: true, allValue: '.*' });
    }
  });
});

describe('what is kept over time', () => {
  const queriesOf = (name: (typeof NAMES)[number]) =>
    (read(provisionedFile(name)).panels as Array<{ type: string; targets: object[] }>).flatMap(({ type, targets }) =>
      targets.map((target) => ({ type, ...target }))
    );

  it('is drawn for servers and for an account, and events are listed', () => {
    expect(queriesOf('servers')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'timeseries', queryType: 'servers', view: 'timeseries', metric: 'open' }),
        expect.objectContaining({ type: 'logs', queryType: 'servers', view: 'events' }),
      ])
    );
    expect(queriesOf('account')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'timeseries',
          queryType: 'connections',
          view: 'timeseries',
          groupBy: ['server'],
        }),
      ])
    );
  });
});

describe('the alert rules', () => {
  const [group] = read(ALERTING_FILE).groups;
  const rules: Array<{
    uid: string;
    condition: string;
    data: Array<{ refId: string; datasourceUid: string; relativeTimeRange: { from: number }; model: object }>;
    noDataState: string;
    execErrState: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
  }> = group.rules;

  it('are two of findings, and the five that a data source of stops calls for', () => {
    expect(rules.map(({ uid }) => uid)).toEqual([
      'nats-finding-critical',
      'nats-finding-lasting',
      'nats-slow-consumer',
      'nats-auth-failures',
      'nats-unexpected-stops',
      'nats-server-no-answer',
      'nats-records-lost',
    ]);
  });

  it.each(rules.map((rule) => [rule.uid, rule] as const))('%s is complete', (_, rule) => {
    expect(rule.data[0]).toMatchObject({ refId: 'A', datasourceUid: PROVISIONED_UID });
    expect(rule.data[0]?.relativeTimeRange.from).toBeGreaterThan(0);
    expect(rule.data.map(({ refId }) => refId)).toContain(rule.condition);
    // Zero is Normal; missing data must be noticed.
    expect([rule.noDataState, rule.execErrState]).toEqual(['Alerting', 'Error']);
    expect(['warning', 'error', 'critical']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).toContain('$labels.');
    expect(rule.annotations.description).toMatch(/\.(\{\{ end \}\})?$/);
  });

  it.each(rules.map((rule) => [rule.uid, rule] as const))('%s speaks only of labels and values it has', (_, rule) => {
    const groupBy = rule.data.flatMap(({ model }) => (model as { groupBy?: string[] }).groupBy ?? []);
    const refIds = rule.data.map(({ refId }) => refId);
    const texts = Object.values(rule.annotations).join(' ');
    const labels = [...texts.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    const values = [...texts.matchAll(/\$values\.(\w+)\.Value/g)].map(([, value]) => value);
    expect(groupBy).toEqual(expect.arrayContaining(labels));
    expect(refIds).toEqual(expect.arrayContaining(values));
  });
});

describe('tables at 1280 pixels, with Grafana’s menu beside them', () => {
  /** What is left for a table's columns. */
  const ROOM = 930;
  const DECISIVE: Record<string, string[]> = {
    'Worth a look (empty: nothing found)': ['finding', 'remedy'],
    'Why, and what to do': ['reason', 'stops', 'remedy'],
    'Apps that stopped unexpectedly': [
      'app',
      'account',
      'reason',
      'stops',
      'instances',
      'open',
      'back',
      'bytes_lost_min',
    ],
    Instances: ['name', 'reason', 'stops', 'open', 'back'],
    'Open connections by pending bytes': ['pending_bytes', 'app', 'name'],
  };
  /** Grafana's own least width of a column that has none. */
  const LEAST = 150;
  const tables = NAMES.flatMap((name) => read(provisionedFile(name)).panels as Array<Panel & TablePanel>).filter(
    ({ title }) => title in DECISIVE
  );

  it('take the data source’s width from a finding’s sentence, which leaves no room for the remedy', () => {
    for (const { fieldConfig } of tables.filter(({ title }) => title === 'Worth a look (empty: nothing found)')) {
      const { properties = [] } = fieldConfig.overrides.find(({ matcher }) => matcher.options === 'finding') ?? {};
      expect(properties).toContainEqual({ id: 'custom.width', value: null });
    }
  });

  interface TablePanel {
    transformations: Array<{ id: string; options: { indexByName?: Record<string, number> } }>;
    fieldConfig: {
      overrides: Array<{ matcher: { options: string }; properties: Array<{ id: string; value: unknown }> }>;
    } & {
      defaults: object;
    };
  }

  it.each(tables.map((table) => [table.title, table] as const))('%s shows what decides', (title, table) => {
    const indexes = table.transformations.find(({ id }) => id === 'organize')?.options.indexByName ?? {};
    const shown = Object.keys(indexes).filter((name) =>
      table.fieldConfig.overrides.some(({ matcher }) => matcher.options === name)
    );
    const widthOf = (column: string): number => {
      const set = table.fieldConfig.overrides.find(({ matcher }) => matcher.options === column)?.properties ?? [];
      const of = (id: string) => set.find((property) => property.id === id)?.value as number | undefined;
      return of('custom.width') ?? of('custom.minWidth') ?? LEAST;
    };
    const last = Math.max(...(DECISIVE[title] ?? []).map((column) => shown.indexOf(column)));
    expect(last).toBeGreaterThan(0);
    expect(shown.slice(0, last + 1).reduce((sum, column) => sum + widthOf(column), 0)).toBeLessThanOrEqual(ROOM);
  });
});
