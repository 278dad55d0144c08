/** What Grafana would be provisioned with: the data source's settings and every query of dashboards and alert rules. */
import fs from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { type DataSource, PLUGIN_ID } from '../host';

export type Query = Record<string, unknown> & { refId: string };

/** One panel, annotation or alert rule. */
export interface Question {
  group: string;
  title: string;
  queries: Query[];
  /** How far back it looks. */
  seconds: number;
  isAlert: boolean;
}

interface Target extends Query {
  datasource?: { type?: string } | string;
}

interface Panel {
  title?: string;
  targets?: Target[];
  panels?: Panel[];
}

interface Dashboard {
  title?: string;
  panels?: Panel[];
  annotations?: { list?: Array<{ name?: string; datasource?: { type?: string }; target?: Target }> };
}

interface AlertFile {
  groups?: Array<{
    name?: string;
    rules?: Array<{
      title?: string;
      data?: Array<{
        refId: string;
        datasourceUid?: string;
        relativeTimeRange?: { from?: number };
        model?: Record<string, unknown>;
      }>;
    }>;
  }>;
}

// The demo's incidents are minutes old; a dashboard's own range would show them as one dot.
const DASHBOARD_SECONDS = 3 * 60;
// Grafana's own name for server-side expressions.
const EXPRESSION = '__expr__';

function filesIn(folder: string, extension: RegExp): string[] {
  return fs
    .readdirSync(folder)
    .filter((name) => extension.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

const read = (file: string): string => fs.readFileSync(file, 'utf8');

/** The provisioned data source of this plugin, asking these servers instead of the ones in the file. */
export function readDataSource(folder: string, urls: string[]): DataSource {
  for (const file of filesIn(path.join(folder, 'datasources'), /\.ya?ml$/)) {
    const { datasources = [] } = parse(read(file)) as { datasources?: Array<Partial<DataSource> & { type?: string }> };
    const found = datasources.find(({ type }) => type === PLUGIN_ID);
    if (found) {
      const { uid = 'demo', name = 'NATS', jsonData = {}, secureJsonData = {} } = found;
      return { uid, name, jsonData: { ...jsonData, urls }, secureJsonData };
    }
  }
  throw new Error(`${folder}/datasources provisions no ${PLUGIN_ID}`);
}

/** Every question of the provisioned dashboards and alert rules. */
export function readQuestions(folder: string): Question[] {
  const dashboards = filesIn(path.join(folder, 'dashboards'), /\.json$/).flatMap((file) =>
    dashboardQuestions(JSON.parse(read(file)) as Dashboard)
  );
  const alerts = filesIn(path.join(folder, 'alerting'), /\.ya?ml$/).flatMap((file) =>
    alertQuestions(parse(read(file)) as AlertFile)
  );
  return [...dashboards, ...alerts].filter(({ queries }) => queries.length > 0);
}

/** The panels' and annotations' questions of one dashboard. */
export function dashboardQuestions({ title: group = 'Dashboard', panels = [], annotations }: Dashboard): Question[] {
  const question = (title: string | undefined, targets: Target[]): Question => ({
    group,
    title: title ?? '',
    queries: targets.filter(isOurs).map(withoutVariables),
    seconds: DASHBOARD_SECONDS,
    isAlert: false,
  });
  const flat = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  const marks = (annotations?.list ?? []).filter(({ datasource, target }) => target && datasource?.type === PLUGIN_ID);
  return [
    ...flat.map(({ title, targets = [] }) => question(title, targets)),
    ...marks.map(({ name, target }) =>
      question(`${name ?? ''} (annotation)`, target ? [{ ...target, refId: 'Anno' }] : [])
    ),
  ];
}

// A target without a data source has its panel's, and all panels here ask this plugin.
const isOurs = ({ datasource }: Target): boolean =>
  datasource === undefined ||
  typeof datasource === 'string' ||
  datasource.type === PLUGIN_ID ||
  datasource.type === undefined;

/** The alert rules' questions; expressions are Grafana's own and left out. */
export function alertQuestions({ groups = [] }: AlertFile): Question[] {
  return groups.flatMap(({ name = '', rules = [] }) =>
    rules.map(({ title = '', data = [] }) => {
      const asked = data.filter(({ datasourceUid }) => datasourceUid !== EXPRESSION);
      return {
        group: `Alert rules: ${name}`,
        title,
        queries: asked.map(({ refId, model }) => ({ ...model, refId })),
        seconds: asked[0]?.relativeTimeRange?.from ?? DASHBOARD_SECONDS,
        isAlert: true,
      };
    })
  );
}

const VARIABLE = /^(\$\w+|\$\{\w+(:\w+)?\}|\[\[\w+\]\])$/;

interface Filter {
  values?: string[];
}

/** The query with every variable standing for "all": filters on nothing but variables are dropped. */
export function withoutVariables(query: Query): Query {
  const filters = ((query.filters as Filter[] | undefined) ?? []).filter(
    ({ values = [] }) => values.length === 0 || !values.every((value) => VARIABLE.test(value))
  );
  const groupBy = ((query.groupBy as string[] | undefined) ?? []).filter((key) => !VARIABLE.test(key));
  return { ...query, ...(query.filters ? { filters } : {}), ...(query.groupBy ? { groupBy } : {}) };
}
