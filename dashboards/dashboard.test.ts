import fs from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import plugin from '../src/plugin.json';
import { REASONS } from '../src/query/reasons.gen';
import { PROVISIONED_UID } from './ask';
import { DASHBOARD_UID, dashboard } from './dashboard';
import { ALERTING_FILE, DASHBOARD_FILE, outputs } from './outputs';

const ROOT = path.resolve(__dirname, '..');
const read = (file: string) => parse(fs.readFileSync(path.join(ROOT, file), 'utf8'));

interface Panel {
  id: number;
  title: string;
  description?: string;
  datasource?: { type: string; uid: string };
  targets?: Array<{ datasource?: object }>;
  gridPos: { x: number; y: number; w: number; h: number };
}

const stored = read(DASHBOARD_FILE);
const panels: Panel[] = stored.panels;

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
});

describe('the dashboard', () => {
  it('asks the data source of its variable, never one by its uid', () => {
    const hardCoded = objectsIn(stored).flatMap(([at, object]) =>
      Object.entries(object)
        .filter(([, value]) => value === PROVISIONED_UID)
        .map(([name]) => `${at}.${name}`)
    );
    expect(hardCoded).toEqual(['$.uid']); // The dashboard's own.
    const references = objectsIn(stored)
      .filter(([at]) => at.endsWith('.datasource'))
      .map(([, { type, uid }]) => `${type} ${uid}`);
    expect(new Set(references)).toEqual(new Set([`${plugin.id} \${datasource}`, 'grafana -- Grafana --']));
  });

  it('is found by its uid, and is named so that alerts and links find it', () => {
    expect(stored.uid).toBe(DASHBOARD_UID);
    expect(dashboard().uid).toBe(DASHBOARD_UID);
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

  it('applies the chosen account and server wherever they mean something', () => {
    for (const [at, target] of objectsIn(stored).filter(([, { queryType }]) => queryType && queryType !== 'values')) {
      const keys = (target.filters as Array<{ key: string; values: string[] }>)
        .filter(({ key, values }) => values[0] === `$${key}`)
        .map(({ key }) => key);
      expect([at, keys]).toEqual([at, target.queryType === 'servers' ? ['server'] : ['account', 'server']]);
    }
  });

  it('takes “All” for no filter, so that an account seen for the first time is not left out', () => {
    const variables = stored.templating.list.filter(({ type }: { type: string }) => type === 'query');
    expect(variables.map(({ name }: { name: string }) => name)).toEqual(['account', 'server']);
    for (const variable of variables) {
      expect(variable).toMatchObject({ multi: true, includeAll: true, allValue: '.*' });
    }
  });

  it('gives every category of reason a colour', () => {
    const pie = panels.find(({ title }) => title === 'Every stop by category') as Panel & {
      fieldConfig: { overrides: Array<{ matcher: { options: string } }> };
    };
    const coloured = pie.fieldConfig.overrides.map(({ matcher }) => matcher.options);
    expect(coloured).toEqual(expect.arrayContaining(REASONS.map(({ category }) => category)));
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

  it('are the five that a data source of stops calls for', () => {
    expect(rules.map(({ uid }) => uid)).toEqual([
      'nats-slow-consumer',
      'nats-auth-failures',
      'nats-unexpected-stops',
      'nats-server-no-answer',
      'nats-records-lost',
    ]);
  });

  it.each(rules.map((rule) => [rule.uid, rule] as const))('%s is complete', (_, rule) => {
    const known = panels.map(({ id }) => String(id));
    expect(rule.data[0]).toMatchObject({ refId: 'A', datasourceUid: PROVISIONED_UID });
    expect(rule.data[0]?.relativeTimeRange.from).toBeGreaterThan(0);
    expect(rule.data.map(({ refId }) => refId)).toContain(rule.condition);
    // Zero is Normal; missing data must be noticed.
    expect([rule.noDataState, rule.execErrState]).toEqual(['Alerting', 'Error']);
    expect(['warning', 'error', 'critical']).toContain(rule.labels.severity);
    expect(rule.annotations.__dashboardUid__).toBe(DASHBOARD_UID);
    expect(known).toContain(rule.annotations.__panelId__);
    expect(rule.annotations.summary).toContain('{{ $labels.');
    expect(rule.annotations.description).toMatch(/\.(\{\{ end \}\})?$/);
  });

  it.each(rules.map((rule) => [rule.uid, rule] as const))('%s speaks only of labels and values it has', (_, rule) => {
    const groupBy = rule.data.flatMap(({ model }) => (model as { groupBy?: string[] }).groupBy ?? []);
    const refIds = rule.data.map(({ refId }) => refId);
    const texts = Object.values(rule.annotations).join(' ');
    const labels = [...texts.matchAll(/\$labels\.(\w+)/g)].map(([, name]) => name);
    const values = [...texts.matchAll(/\$values\.(\w+)\.Value/g)].map(([, name]) => name);
    expect(groupBy).toEqual(expect.arrayContaining(labels));
    expect(refIds).toEqual(expect.arrayContaining(values));
  });

  it.each(rules.map((rule) => [rule.uid, rule] as const))('%s leads to a page and heading that exist', (_, rule) => {
    const [address = '', anchor] = (rule.annotations.runbook_url ?? '').split('#');
    const [, page = ''] = address.split('/blob/main/');
    const text = fs.readFileSync(path.join(ROOT, page), 'utf8');
    const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replace(/ /g, '-')
    );
    expect(anchor === undefined || anchors.includes(anchor)).toBe(true);
  });
});
