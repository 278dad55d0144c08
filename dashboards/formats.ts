/** The rules and dashboards of one data source, as each way of provisioning wants them: texts by file name. */
import { ruleGroup } from './alerts';
import { ownDashboards } from './own';
import { type Watched, uidOf } from './watched';
import { plain, yaml } from './yaml';

type Format = (watched: Watched) => Record<string, string>;

/** What each file and resource is named after. */
const nameOf = (watched: Watched) => uidOf(watched, 'nats').toLowerCase().replaceAll('_', '-');
const json = (value: object) => `${JSON.stringify(plain(value), null, 2)}\n`;
const asFiles = (watched: Watched, folder: string, text = json): Record<string, string> =>
  Object.fromEntries(
    Object.entries(ownDashboards(watched)).map(([uid, dashboard]) => [`${folder}${uid}.json`, text(dashboard)])
  );
/** kubectl apply notes what it applied in an annotation, which may have 256 KiB. */
const compact = (value: object) => JSON.stringify(plain(value));
const rulesFile = (watched: Watched) => yaml({ apiVersion: 1, groups: [ruleGroup(watched)] });

/** Below Grafana's provisioning folder. */
const files: Format = (watched) => ({
  [`alerting/${nameOf(watched)}.yaml`]: rulesFile(watched),
  ...asFiles(watched, 'dashboards/'),
});

/** Config maps that the sidecars of Grafana's Helm chart read. Nothing in them passes through Helm's own templates. */
const configmaps: Format = (watched) => {
  const map = (kind: string, label: string, data: Record<string, string>) =>
    yaml({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: `${nameOf(watched)}-${kind}`,
        labels: { [label]: '1' },
        annotations: { grafana_folder: watched.folder },
      },
      data,
    });
  return {
    [`${nameOf(watched)}-alerts.yaml`]: map('alerts', 'grafana_alert', {
      [`${nameOf(watched)}.yaml`]: rulesFile(watched),
    }),
    [`${nameOf(watched)}-dashboards.yaml`]: map('dashboards', 'grafana_dashboard', asFiles(watched, '', compact)),
  };
};

/** Terraform takes these for the start of an expression, also in JSON. */
const literal = (text: string) => text.replaceAll('${', () => '$${').replaceAll('%{', '%%{');
const literals = (texts: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, literal(text)]));

/** Terraform's own JSON, for the provider grafana/grafana; dashboards are files beside it. */
const terraform: Format = (watched) => {
  const id = nameOf(watched).replaceAll('-', '_');
  const folder_uid = `\${grafana_folder.${id}.uid}`;
  const group = ruleGroup(watched);
  const rule = group.rules.map((one) => ({
    uid: one.uid,
    name: literal(one.title ?? ''),
    condition: one.condition,
    for: one.for,
    no_data_state: one.noDataState,
    exec_err_state: one.execErrState,
    labels: literals(one.labels),
    annotations: literals(one.annotations),
    data: one.data?.map(({ refId, datasourceUid, relativeTimeRange, model }) => ({
      ref_id: refId,
      datasource_uid: datasourceUid,
      relative_time_range: relativeTimeRange,
      model: literal(JSON.stringify(model)),
    })),
  }));
  const grafana_dashboard = Object.fromEntries(
    Object.keys(ownDashboards(watched)).map((uid) => [
      uid.replaceAll('-', '_'),
      { folder: folder_uid, config_json: `\${file("\${path.module}/${uid}.json")}` },
    ])
  );
  return {
    [`${nameOf(watched)}.tf.json`]: json({
      resource: {
        grafana_folder: { [id]: { title: literal(watched.folder) } },
        grafana_rule_group: { [id]: { name: literal(group.name), folder_uid, interval_seconds: 60, rule } },
        grafana_dashboard,
      },
    }),
    ...asFiles(watched, ''),
  };
};

/** Resources of the grafana-operator, for every Grafana that has its label. */
const operator: Format = (watched) => {
  const name = nameOf(watched);
  const instanceSelector = { matchLabels: { dashboards: 'grafana' } };
  const resource = (kind: string, of: string, spec: object) =>
    yaml({
      apiVersion: 'grafana.integreatly.org/v1beta1',
      kind,
      metadata: { name: of.toLowerCase().replaceAll('_', '-') },
      spec: { instanceSelector, ...spec },
    });
  const { rules, interval, name: group } = ruleGroup(watched);
  const resources = [
    resource('GrafanaFolder', name, { title: watched.folder }),
    resource('GrafanaAlertRuleGroup', name, { name: group, folderRef: name, interval, rules }),
    ...Object.entries(ownDashboards(watched)).map(([uid, dashboard]) =>
      resource('GrafanaDashboard', uid, { folderRef: name, json: compact(dashboard) })
    ),
  ];
  return { [`${name}.yaml`]: resources.join('---\n') };
};

export const FORMATS = { files, configmaps, terraform, operator };
