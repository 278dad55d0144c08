/** The alert rules, in the shape that Grafana's file provisioning reads. */
import { type Rule, QueryBuilder, RuleBuilder } from '@grafana/grafana-foundation-sdk/alerting';
import { type Builder, type Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { TypeMathBuilder, TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';

import plugin from '../src/plugin.json';
import { type Query } from '../src/query/model.gen';
import { EXPRESSIONS, ask } from './ask';
import { dashboardAddress, recordsAddress } from './links';
import { UID } from './place';
import { RULES, type RuleSpec } from './rules';
import { SERVERS } from './state';
import { states } from './templates';
import { type Watched, titleOf, uidOf } from './watched';

/** The query over the last so many minutes, one number per group: it needs no reduce. */
function question(uid: string, refId: string, query: Omit<Query, 'version'>, minutes: number): QueryBuilder {
  const datasource = { type: plugin.id, uid };
  return new QueryBuilder(refId)
    .datasourceUid(uid)
    .relativeTimeRange({ from: minutes * 60, to: 0 })
    .model(ask({ view: 'totals', ...query }, datasource, refId));
}

function expression(refId: string, model: Builder<Dataquery>): QueryBuilder {
  return new QueryBuilder(refId)
    .datasourceUid(EXPRESSIONS.uid ?? '')
    .relativeTimeRange({ from: 0, to: 0 })
    .model(model);
}

function math(refId: string, text: string): QueryBuilder {
  return expression(refId, new TypeMathBuilder().datasource(EXPRESSIONS).refId(refId).expression(text));
}

const MINUTE = 60_000;

/** What a rule asks, and the name of the number that it compares. */
function questions(uid: string, spec: RuleSpec): { queries: QueryBuilder[]; compared: string } {
  const of = (refId: string, metric: Query['metric']) => question(uid, refId, { ...spec.query, metric }, spec.minutes);
  const queries = [
    of('A', spec.query.metric),
    ...Object.entries(spec.beside ?? {}).map(([refId, metric]) => of(refId, metric)),
    of('last', spec.last),
    // The span that was looked at, whenever somebody follows the link; and the same time for the text, in seconds.
    math('from', `$last - ${(spec.minutes + 5) * MINUTE}`),
    math('to', `$last + ${5 * MINUTE}`),
    math('at', '$last / 1000'),
  ];
  return spec.perMinute
    ? { queries: [...queries, math('rate', `$A / ${spec.minutes}`)], compared: 'rate' }
    : { queries, compared: 'A' };
}

/** The panel whose heart it is; none where a panel shows whichever data source is chosen. */
const heart = (watched: Watched, panel: number): Record<string, string> =>
  watched.name === undefined
    ? {}
    : { __dashboardUid__: uidOf(watched, UID[panel === SERVERS ? 'servers' : 'stops']), __panelId__: String(panel) };

const text = ({ firing, over }: RuleSpec['summary'], unknown: string) => states(firing, over, unknown);

function rule(watched: Watched, spec: RuleSpec): Rule {
  const { queries, compared } = questions(watched.datasource, spec);
  const builder = queries.reduce(
    (built, query) => built.withQuery(query),
    new RuleBuilder(titleOf(watched, spec.title)).uid(uidOf(watched, spec.uid)).condition('threshold')
  );
  const threshold = new TypeThresholdBuilder()
    .datasource(EXPRESSIONS)
    .refId('threshold')
    .expression(compared)
    .conditions([{ evaluator: { type: spec.fires.when, params: [spec.fires.value] } }]);
  return (
    builder
      .withQuery(expression('threshold', threshold))
      .forDuration(spec.for)
      // Nothing stopped is a zero and Normal; no data at all means that nobody is watching.
      .noDataState('Alerting')
      .execErrState('Error')
      .labels({ severity: spec.severity, ...(watched.name === undefined ? {} : { datasource: watched.name }) })
      .annotations({
        summary: text(spec.summary, `${spec.title}: nobody knows, since its query has no answer`),
        description: text(
          spec.description,
          'The rule’s query had no answer, so that this is not watched. Save & test of the data source says why.'
        ),
        runbook_url: spec.runbook,
        dashboard_url: dashboardAddress(watched, spec.leads),
        records_url: recordsAddress(watched, spec.leads),
        ...heart(watched, spec.panel),
      })
      .build()
  );
}

/** One rule as a provisioning file holds it, which differs from the API's. */
function provisioned(watched: Watched, spec: RuleSpec) {
  const { uid, title, condition, data, noDataState, execErrState, labels, annotations } = rule(watched, spec);
  return {
    uid,
    title,
    condition,
    data,
    noDataState,
    execErrState,
    for: spec.for,
    labels,
    annotations,
  };
}

/** Those that ask nothing which the data source does not see. */
const rulesFor = ({ scope }: Watched) => RULES.filter(({ systemOnly }) => scope === 'all' || !systemOnly);

/** The rules of one data source, as Grafana's file provisioning groups them. */
export function ruleGroup(watched: Watched) {
  const { orgId, folder } = watched;
  const rules = rulesFor(watched).map((spec) => provisioned(watched, spec));
  return { orgId, name: titleOf(watched, 'NATS connections'), folder, interval: '1m', rules };
}

/** The provisioning file's content. */
export const alerting = (watched: Watched) => ({ apiVersion: 1, groups: [ruleGroup(watched)] });
