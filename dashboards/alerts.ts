/** The alert rules, in the shape that Grafana's file provisioning reads. */
import { type Rule, QueryBuilder, RuleBuilder } from '@grafana/grafana-foundation-sdk/alerting';
import { type Builder, type Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { TypeMathBuilder, TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';

import plugin from '../src/plugin.json';
import { type Query } from '../src/query/model.gen';
import { PROVISIONED_UID, ask } from './ask';
import { DASHBOARD_UID } from './dashboard';
import { RULES, type RuleSpec } from './rules';

const EXPRESSIONS = { type: '__expr__', uid: '__expr__' };

/** The query over the last so many minutes, one number per group: it needs no reduce. */
function question(query: Omit<Query, 'version'>, minutes: number): QueryBuilder {
  const datasource = { type: plugin.id, uid: PROVISIONED_UID };
  return new QueryBuilder('A')
    .datasourceUid(PROVISIONED_UID)
    .relativeTimeRange({ from: minutes * 60, to: 0 })
    .model(ask({ view: 'totals', ...query }, datasource));
}

function expression(refId: string, model: Builder<Dataquery>): QueryBuilder {
  return new QueryBuilder(refId).datasourceUid(EXPRESSIONS.uid).relativeTimeRange({ from: 0, to: 0 }).model(model);
}

function rule(spec: RuleSpec): Rule {
  const builder = new RuleBuilder(spec.title)
    .uid(spec.uid)
    .condition('threshold')
    .withQuery(question(spec.query, spec.minutes));
  if (spec.perMinute) {
    const perMinute = new TypeMathBuilder().datasource(EXPRESSIONS).refId('rate').expression(`$A / ${spec.minutes}`);
    builder.withQuery(expression('rate', perMinute));
  }
  const threshold = new TypeThresholdBuilder()
    .datasource(EXPRESSIONS)
    .refId('threshold')
    .expression(spec.perMinute ? 'rate' : 'A')
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
        summary: spec.summary,
        description: spec.description,
        runbook_url: spec.runbook,
        __dashboardUid__: DASHBOARD_UID,
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
