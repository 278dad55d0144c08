/** The alert rules, in the shape that Grafana's file provisioning reads. */
import { type Rule, QueryBuilder, RuleBuilder } from '@grafana/grafana-foundation-sdk/alerting';
import { type Builder, type Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { TypeMathBuilder, TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';

import plugin from '../src/plugin.json';
import { type Query } from '../src/query/model.gen';
import { EXPRESSIONS, PROVISIONED_UID, ask } from './ask';
import { UID } from './place';
import { RULES, type RuleSpec } from './rules';
import { SERVERS } from './state';

/** The query over the last so many minutes, one number per group: it needs no reduce. */
function question(refId: string, query: Omit<Query, 'version'>, minutes: number): QueryBuilder {
  const datasource = { type: plugin.id, uid: PROVISIONED_UID };
  return new QueryBuilder(refId)
    .datasourceUid(PROVISIONED_UID)
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

/** What a rule asks, and the name of the number that it compares. */
function questions(spec: RuleSpec): { queries: QueryBuilder[]; compared: string } {
  const a = question('A', spec.query, spec.minutes);
  if (spec.perMinute) {
    return { queries: [a, math('rate', `$A / ${spec.minutes}`)], compared: 'rate' };
  }
  return { queries: [a], compared: 'A' };
}

/**
 * A text about a group, which an alert without data or after an error has not: Grafana would write "[no value]" for each of
 * its labels and numbers.
 */
function about({ query: { groupBy = [] } }: RuleSpec, text: string, without: string): string {
  return `{{ if $labels.${groupBy[0]} }}${text}{{ else }}${without}{{ end }}`;
}

function rule(spec: RuleSpec): Rule {
  const { queries, compared } = questions(spec);
  const builder = queries.reduce(
    (built, query) => built.withQuery(query),
    new RuleBuilder(spec.title).uid(spec.uid).condition('threshold')
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
      .labels({ severity: spec.severity })
      .annotations({
        summary: about(spec, spec.summary, `${spec.title}: nobody knows, since its query has no answer`),
        description: about(
          spec,
          spec.description,
          'The rule’s query had no answer, so that this is not watched. Save & test of the data source says why.'
        ),
        runbook_url: spec.runbook,
        __dashboardUid__: UID[spec.panel === SERVERS ? 'servers' : 'stops'],
        __panelId__: String(spec.panel),
      })
      .build()
  );
}

/** One rule as a provisioning file holds it, which differs from the API's. */
function provisioned(spec: RuleSpec) {
  const { uid, title, condition, data, noDataState, execErrState, labels, annotations } = rule(spec);
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

/** The provisioning file's content. */
export function alerting() {
  return {
    apiVersion: 1,
    groups: [{ orgId: 1, name: 'NATS connections', folder: 'NATS', interval: '1m', rules: RULES.map(provisioned) }],
  };
}
