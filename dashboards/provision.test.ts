import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { parse, parseAllDocuments } from 'yaml';

import { ruleGroup } from './alerts';
import { FORMATS } from './formats';
import { UID } from './place';
import { told, write } from './provision';
import { PROVISIONED } from './watched';

const args = (uid: string, ...more: string[]) => ['--datasource', uid, '--out', 'somewhere', ...more];
const EU = told(args('nats-eu', '--name', 'Europe’s'));
const US = told(args('nats-us'));

type Json = Record<string, unknown>;

/** Every text somewhere in a document. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const RULE_COUNT = 7;
const uidsOf = (watched: typeof PROVISIONED) => ruleGroup(watched).rules.map(({ uid }) => uid);

describe('the rules of one data source', () => {
  it('share no uid, no title and no group with those of another, nor with those that are shipped', () => {
    for (const list of [uidsOf, (watched: typeof PROVISIONED) => ruleGroup(watched).rules.map(({ title }) => title)]) {
      const all = [EU, US, PROVISIONED].flatMap(list);
      expect(new Set(all).size).toBe(3 * RULE_COUNT);
    }
    const groups = [EU, US, PROVISIONED].map((watched) => ruleGroup(watched));
    expect(new Set(groups.map(({ name }) => name)).size).toBe(3);
    expect(groups.map(({ folder }) => folder)).toEqual(['NATS (Europe’s)', 'NATS (nats-us)', 'NATS']);
  });

  it('have uids that Grafana takes, whatever that of the data source is', () => {
    for (const uid of ['nats-eu', 'P8E80F9AEF21F6940', 'x'.repeat(40), 'with.dots and spaces', '.']) {
      for (const own of uidsOf(told(args(uid)))) {
        expect(own).toMatch(/^[\w-]{1,40}$/);
      }
    }
    expect(uidsOf(told(args('a.b')))).not.toEqual(uidsOf(told(args('a:b'))));
  });

  it('ask that data source alone, and say whose they are', () => {
    for (const { data = [], labels, title } of ruleGroup(EU).rules) {
      expect(new Set(data.map(({ datasourceUid }) => datasourceUid))).toEqual(new Set(['nats-eu', '__expr__']));
      expect(textsIn(data)).not.toContain(PROVISIONED.datasource);
      expect(labels).toMatchObject({ datasource: 'Europe’s' });
      expect(title).toContain('(Europe’s)');
    }
  });

  it('give their hearts to panels of that data source; those that are shipped give none to panels of any', () => {
    const dashboards = Object.fromEntries(
      Object.entries(FORMATS.files(EU))
        .filter(([file]) => file.endsWith('.json'))
        .map(([, text]) => [(JSON.parse(text) as { uid: string }).uid, JSON.parse(text) as { panels: Json[] }])
    );
    for (const { annotations = {} } of ruleGroup(EU).rules) {
      const panels = dashboards[annotations.__dashboardUid__ ?? '']?.panels ?? [];
      expect(panels.map(({ id }) => String(id))).toContain(annotations.__panelId__);
    }
    for (const { annotations } of ruleGroup(PROVISIONED).rules) {
      expect(annotations).not.toHaveProperty('__dashboardUid__');
      expect(annotations).not.toHaveProperty('__panelId__');
    }
  });
});

describe('the rules of a data source of an account', () => {
  const ACCOUNT = told(args('nats-eu', '--name', 'Europe’s', '--scope', 'account'));

  it('are all but those that ask what it does not see', () => {
    const left = ['nats-auth-failures-nats-eu', 'nats-records-lost-nats-eu'];
    expect(uidsOf(EU)).toEqual(expect.arrayContaining(left));
    expect(uidsOf(ACCOUNT)).toEqual(uidsOf(EU).filter((uid) => !left.includes(uid ?? '')));
  });

  it.each(Object.entries(FORMATS))('are the same in %s', (_, format) => {
    const all = Object.values(format(ACCOUNT)).join('\n');
    const written = uidsOf(EU).filter((uid = '') => all.includes(uid));
    expect(written).toEqual(uidsOf(ACCOUNT));
  });
});

describe('the dashboards of one data source', () => {
  const dashboards = Object.entries(FORMATS.files(EU)).filter(([file]) => file.startsWith('dashboards/'));

  it.each(dashboards)('%s asks it whatever is chosen, and leads to its own', (file, text) => {
    const dashboard = JSON.parse(text) as { uid: string; title: string; templating: { list: Json[] } };
    expect(file).toBe(`dashboards/${dashboard.uid}.json`);
    expect(dashboard.title).toMatch(/^NATS: .* \(Europe’s\)$/);
    expect(text).not.toContain('${datasource');
    expect(dashboard.templating.list.map(({ name }) => name)).not.toContain('datasource');
    const asked = [...text.matchAll(/"type": "natsops-connections-datasource",\s+"uid": "([^"]*)"/g)];
    expect(asked.length).toBeGreaterThan(10);
    expect(new Set(asked.map(([, uid]) => uid))).toEqual(new Set(['nats-eu']));
    const led = [...text.matchAll(/"\/d\/([^?"]+)\?/g)].map(([, uid]) => uid);
    expect(dashboards.map(([name]) => name)).toEqual(
      expect.arrayContaining(led.map((uid) => `dashboards/${uid}.json`))
    );
    expect(text).toContain('"nats-connections-nats-eu"\n');
  });

  it('are as many as there are shared ones', () => {
    expect(dashboards).toHaveLength(Object.keys(UID).length);
  });
});

describe('each format has the same rules and dashboards', () => {
  const rules = ruleGroup(EU).rules;
  const dashboards = Object.entries(FORMATS.files(EU))
    .filter(([file]) => file.startsWith('dashboards/'))
    .map(([, text]) => JSON.parse(text) as unknown);
  const only = (texts: Record<string, string>, end: string): string =>
    Object.entries(texts).find(([name]) => name.endsWith(end))?.[1] ?? '';

  it('files', () => {
    const { apiVersion, groups } = parse(only(FORMATS.files(EU), '.yaml'));
    expect([apiVersion, groups.length]).toEqual([1, 1]);
    expect(groups[0]).toEqual(JSON.parse(JSON.stringify(ruleGroup(EU))));
  });

  it('config maps, small enough for kubectl apply, that the sidecars find', () => {
    const texts = FORMATS.configmaps(EU);
    const alerts = parse(only(texts, '-alerts.yaml'));
    expect(alerts.metadata.labels).toEqual({ grafana_alert: '1' });
    expect(Object.values(alerts.data)).toEqual([only(FORMATS.files(EU), '.yaml')]);
    const boards = parse(only(texts, '-dashboards.yaml'));
    expect(boards.metadata.labels).toEqual({ grafana_dashboard: '1' });
    expect(Object.values<string>(boards.data).map((text) => JSON.parse(text))).toEqual(dashboards);
    for (const text of Object.values(texts)) {
      expect(text.length).toBeLessThan(262_144);
    }
  });

  it('Terraform, whose own expressions are ours alone', () => {
    const texts = FORMATS.terraform(told(args('nats-eu', '--name', '${oops} %{x}')));
    const { resource } = JSON.parse(only(texts, '.tf.json'));
    const [group] = Object.values<Record<string, never>>(resource.grafana_rule_group);
    const written = group?.rule as unknown as Array<{ uid: string; name: string; data: Array<{ model: string }> }>;
    expect(written.map(({ uid }) => uid)).toEqual(rules.map(({ uid }) => uid));
    expect(written[0]?.name).toContain('($${oops} %%{x})');
    const models = written.map(({ data }) => data.map(({ model }) => JSON.parse(model) as unknown));
    expect(models).toEqual(JSON.parse(JSON.stringify(rules.map(({ data }) => data?.map(({ model }) => model)))));
    const expressions = textsIn(resource).flatMap((text) => [...text.matchAll(/(^|[^$])\$\{([\w.]+)/g)]);
    expect(new Set(expressions.map(([, , what]) => what))).toEqual(
      new Set(['grafana_folder.nats_nats_eu.uid', 'file', 'path.module'])
    );
    for (const { config_json } of Object.values<{ config_json: string }>(resource.grafana_dashboard)) {
      const [, file = ''] = /path\.module\}\/(.*)"\)/.exec(config_json) ?? [];
      expect(Object.keys(texts)).toContain(file);
    }
  });

  it('the operator', () => {
    const resources = parseAllDocuments(only(FORMATS.operator(EU), '.yaml')).map((one) => one.toJS() as Json);
    const of = (kind: string) => resources.filter((one) => one.kind === kind).map(({ spec }) => spec as Json);
    expect(of('GrafanaAlertRuleGroup')).toMatchObject([
      { folderRef: 'nats-nats-eu', interval: '1m', rules: JSON.parse(JSON.stringify(rules)) },
    ]);
    expect(of('GrafanaDashboard').map(({ json }) => JSON.parse(String(json)) as unknown)).toEqual(dashboards);
    expect(of('GrafanaFolder')).toMatchObject([{ title: 'NATS (Europe’s)' }]);
    for (const { metadata } of resources as Array<{ metadata: { name: string } }>) {
      expect(metadata.name).toMatch(/^[a-z0-9-]{1,63}$/);
    }
  });
});

describe('what is told', () => {
  it.each([
    [['--datasource', 'x'], '--datasource and --out are needed'],
    [['--out', 'x'], '--datasource and --out are needed'],
    [args('x', '--format', 'chef'), '--format chef is not one of files, configmaps, terraform, operator'],
    [args('x', '--scope', 'system'), '--scope system is not one of all, account'],
    [args('x', '--org', 'main'), '--org main is not the number of an organisation'],
    [args('x', '--colour', 'red'), "Unknown option '--colour'"],
  ])('%s is refused', (given, sentence) => {
    expect(() => told(given)).toThrow(sentence);
  });

  it('is written where it was told', () => {
    const out = fs.mkdtempSync(path.join(os.tmpdir(), 'provision-'));
    const written = write({ ...US, out });
    expect(written).toContain(path.join(out, 'alerting/nats-nats-us.yaml'));
    expect(written.every((file) => fs.readFileSync(file, 'utf8').length > 0)).toBe(true);
    fs.rmSync(out, { recursive: true });
  });
});
