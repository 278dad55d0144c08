/** What is worth waking somebody: one entry per alert rule. */
import { type Query } from '../src/query/model.gen';
import { DOCS, UNEXPECTED, one } from './ask';
import { HISTORY } from './charts';
import { SERVERS } from './state';
import { FINDINGS } from './tables';

export interface RuleSpec {
  uid: string;
  title: string;
  query: Omit<Query, 'version' | 'view'>;
  /** How far back each evaluation looks. */
  minutes: number;
  /** Compare the number per minute instead of the number. */
  perMinute?: boolean;
  fires: { when: 'gt' | 'gte' | 'lt'; value: number };
  for: string;
  severity: 'critical' | 'error' | 'warning';
  summary: string;
  description: string;
  runbook: string;
  panel: number;
}

/** Of whatever rule and subject; severity is a label of the rule already. */
const EACH_FINDING: Query['groupBy'] = ['finding', 'account', 'app', 'user', 'ip', 'server'];

export const RULES: RuleSpec[] = [
  {
    uid: 'nats-finding-critical',
    title: 'NATS critical finding',
    query: { queryType: 'findings', metric: 'active', groupBy: EACH_FINDING, filters: [one('severity', 'critical')] },
    minutes: 15,
    fires: { when: 'gt', value: 0 },
    for: '0s',
    severity: 'critical',
    summary:
      'Critical: {{ $labels.finding }} {{ $labels.app }} {{ $labels.account }} {{ $labels.user }} {{ $labels.ip }} {{ $labels.server }}',
    description:
      'Messages or logins are being lost. The findings on the dashboard say what happened, since when and what to do; the page below explains the rule {{ $labels.finding }}.',
    runbook: `${DOCS}/findings.md#all-rules`,
    panel: FINDINGS,
  },
  {
    uid: 'nats-finding-lasting',
    title: 'NATS finding that lasts',
    query: {
      queryType: 'findings',
      metric: 'lasting',
      groupBy: EACH_FINDING,
      filters: [{ key: 'severity', operator: '!=', values: ['info'] }],
    },
    minutes: 15,
    fires: { when: 'gt', value: 900 },
    for: '0s',
    severity: 'warning',
    summary:
      'For more than 15 minutes: {{ $labels.finding }} {{ $labels.app }} {{ $labels.account }} {{ $labels.user }} {{ $labels.ip }} {{ $labels.server }}',
    description:
      'The finding {{ $labels.finding }} has gone on for {{ $values.A.Value }} seconds. The findings on the dashboard say what happened and what to do; the page below explains the rule.',
    runbook: `${DOCS}/findings.md#all-rules`,
    panel: FINDINGS,
  },
  {
    uid: 'nats-slow-consumer',
    title: 'NATS slow consumer: messages lost',
    query: {
      queryType: 'stops',
      // One alert for an app, however many servers and instances it is cut off by and with.
      groupBy: ['reason', 'app', 'account'],
      filters: [one('category', 'slow_consumer')],
    },
    minutes: 10,
    fires: { when: 'gt', value: 0 },
    for: '0s',
    severity: 'critical',
    summary: '{{ $labels.app }} ({{ $labels.account }}) is a slow consumer and loses messages: {{ $labels.reason }}',
    description:
      'In the last 10 minutes servers cut {{ $values.A.Value }} connections of {{ $labels.app }} (account {{ $labels.account }}) because they read too slowly, and threw away what was queued for them. Speed up or spread its subscribers, and use JetStream where nothing may be lost.',
    runbook: `${DOCS}/reasons.md#slow-consumer-pending-bytes`,
    panel: HISTORY,
  },
  {
    uid: 'nats-auth-failures',
    title: 'NATS authentication failures from one app',
    query: {
      queryType: 'stops',
      // A client that is refused goes on to the next server, so only the system's sum tells.
      groupBy: ['reason', 'app'],
      filters: [one('reason', 'Authentication Failure')],
    },
    minutes: 60,
    fires: { when: 'gte', value: 50 },
    for: '0s',
    severity: 'warning',
    summary: '{{ $labels.reason }}: {{ $labels.app }} was refused {{ $values.A.Value }} times in an hour',
    description:
      'So many refusals of one app in an hour are a deployment with wrong or rotated credentials rather than a typo. Check the credentials that {{ $labels.app }} uses; the records show the user it claims to be.',
    runbook: `${DOCS}/reasons.md#authentication-failure`,
    panel: HISTORY,
  },
  {
    uid: 'nats-unexpected-stops',
    title: 'NATS connections stop unexpectedly and often',
    query: { queryType: 'stops', groupBy: ['reason', 'account'], filters: [UNEXPECTED] },
    minutes: 10,
    perMinute: true,
    fires: { when: 'gt', value: 10 },
    for: '0s',
    severity: 'warning',
    summary: '{{ $labels.reason }}: {{ $values.rate.Value }} stops a minute of account {{ $labels.account }}',
    description:
      'More than 10 connections a minute stopped over 10 minutes for a reason that nobody meant. The dashboard shows which apps they belong to; the page below says what the reason means and what to do.',
    runbook: `${DOCS}/reasons.md#overview`,
    panel: HISTORY,
  },
  {
    uid: 'nats-server-no-answer',
    title: 'NATS server does not answer',
    query: { queryType: 'servers', metric: 'answered', groupBy: ['server'] },
    minutes: 10,
    fires: { when: 'lt', value: 1 },
    for: '2m',
    severity: 'error',
    summary: 'The monitoring endpoint of {{ $labels.server }} does not answer',
    description:
      'While {{ $labels.server }} does not answer, its stops are missing from every panel and alert rule, and those it forgets meanwhile are lost. Check that the server runs and that Grafana reaches its monitoring port; the dashboard’s server table shows the error.',
    runbook: `${DOCS}/troubleshoot.md#network`,
    panel: SERVERS,
  },
  {
    uid: 'nats-records-lost',
    title: 'NATS stop records lost',
    query: { queryType: 'servers', metric: 'records_lost', groupBy: ['server'] },
    minutes: 60,
    fires: { when: 'gt', value: 0 },
    for: '0s',
    severity: 'warning',
    summary: '{{ $labels.server }} forgot {{ $values.A.Value }} stops before they were read',
    description:
      'Servers keep their last stops in memory only (max_closed_clients, 10,000 by default), and more stopped than fit between two reads. Counts of that time are too low. Find out what stops so often, raise max_closed_clients, or refresh more often.',
    runbook: `${DOCS}/alert.md#is-everything-seen`,
    panel: SERVERS,
  },
];
