/** What is worth waking somebody: one entry per alert rule. */
import { type Query } from '../src/query/model.gen';
import { DOCS, UNEXPECTED, one } from './ask';
import { HISTORY } from './charts';
import { type Leads } from './links';
import { SERVERS } from './state';
import { FINDINGS } from './tables';
import { LAST_AT, labelAsHeading } from './templates';

/** A text while it fires, and once it does not. */
interface Text {
  firing: string;
  over: string;
}

export interface RuleSpec {
  uid: string;
  title: string;
  query: Omit<Query, 'version' | 'view'>;
  /** How far back each evaluation looks. */
  minutes: number;
  /** Compare the number per minute instead of the number. */
  perMinute?: boolean;
  /** More numbers of the same groups, for the texts. */
  beside?: Record<string, Query['metric']>;
  /** When it was last. */
  last: Query['metric'];
  fires: { when: 'gt' | 'gte' | 'lt'; value: number };
  for: string;
  severity: 'critical' | 'error' | 'warning';
  summary: Text;
  description: Text;
  runbook: string;
  panel: number;
  leads: Leads;
  /** Asks what servers tell the system account alone: the login of an account would see no data, or zeros for ever. */
  systemOnly?: true;
}

/** Of whatever rule and subject; severity is a label of the rule already. */
const EACH_FINDING: Query['groupBy'] = ['finding', 'account', 'app', 'user', 'ip', 'server'];
const FINDING = '{{ reReplaceAll "_" " " $labels.finding }}';
const SUBJECT =
  '{{ with $labels.app }}{{ . }}{{ else }}{{ with $labels.server }}{{ . }}{{ else }}{{ with $labels.user }}user {{ . }}{{ else }}{{ or $labels.ip "the system" }}{{ end }}{{ end }}{{ end }}{{ with $labels.account }} ({{ . }}){{ end }}';
/** Nothing was ever found: that is a zero of nobody. */
const overFinding = (ended: string) =>
  `{{ if $labels.finding }}${SUBJECT}: ${FINDING} ${ended}{{ else }}nothing is found{{ end }}`;
const FINDING_LEADS: Leads = {
  to: 'stops',
  of: ['account', 'server'],
  filtered: ['app', 'user', 'ip'],
  records: { queryType: 'findings', view: 'table' },
  by: ['finding', 'account', 'app', 'user', 'ip', 'server'],
};
const FINDING_RUNBOOK = `${DOCS}/findings.md${labelAsHeading('finding')}`;
const REASON_RUNBOOK = `${DOCS}/reasons.md${labelAsHeading('reason')}`;
const APP = '{{ or $labels.app "all apps" }}{{ with $labels.account }} ({{ . }}){{ end }}';
const LOST =
  '{{ with $values.lost }}{{ if lt 0.0 .Value }}, at least {{ humanize1024 .Value }}B lost{{ end }}{{ end }}';
const ALL_STOPS = { queryType: 'stops', view: 'logs' } as const;
const ALL_EVENTS = { queryType: 'servers', view: 'events' } as const;

export const RULES: RuleSpec[] = [
  {
    uid: 'nats-finding-critical',
    title: 'NATS critical finding',
    query: { queryType: 'findings', metric: 'active', groupBy: EACH_FINDING, filters: [one('severity', 'critical')] },
    minutes: 15,
    last: 'last_seen',
    fires: { when: 'gt', value: 0 },
    for: '0s',
    severity: 'critical',
    summary: { firing: `${SUBJECT}: ${FINDING}${LAST_AT}`, over: overFinding('is over') },
    description: {
      firing:
        'Messages or logins are being lost. The finding says what happened, since when and what to do: it stands first on the dashboard, and the link to the records leads to it. The page below explains the rule.',
      over: 'Nothing new was found for 15 minutes.',
    },
    runbook: FINDING_RUNBOOK,
    panel: FINDINGS,
    leads: FINDING_LEADS,
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
    last: 'last_seen',
    fires: { when: 'gt', value: 900 },
    for: '0s',
    severity: 'warning',
    summary: {
      firing: `${SUBJECT}: ${FINDING} for {{ humanizeDuration $values.A.Value }}${LAST_AT}`,
      over: overFinding('is over, or has not lasted 15 minutes'),
    },
    description: {
      firing:
        'It has not ended by itself. The finding says what happened and what to do: it stands on the dashboard, and the link to the records leads to it. The page below explains the rule.',
      over: 'Nothing new was found for 15 minutes, or it began less than 15 minutes ago: the dashboard says which.',
    },
    runbook: FINDING_RUNBOOK,
    panel: FINDINGS,
    leads: FINDING_LEADS,
  },
  {
    uid: 'nats-slow-consumer',
    title: 'NATS slow consumer: messages lost',
    query: {
      queryType: 'stops',
      // One alert for an app, however many servers and instances it is cut off by and with; each reason has a page of its own.
      groupBy: ['reason', 'app', 'account'],
      filters: [one('category', 'slow_consumer')],
    },
    minutes: 10,
    beside: { lost: 'bytes_lost_min' },
    last: 'last_seen',
    fires: { when: 'gt', value: 0 },
    for: '0s',
    severity: 'critical',
    summary: {
      firing: `${APP}: slow-consumer cuts in 10 minutes: {{ $values.A.Value }}${LOST}${LAST_AT}`,
      over: `${APP}: no slow-consumer cut in the last 10 minutes`,
    },
    description: {
      firing:
        '{{ $labels.reason }}: servers cut {{ $labels.app }} off because it read too slowly, and threw away what was queued for it. Speed up or spread its subscribers, and use JetStream where nothing may be lost. The dashboard of the app shows its instances, the servers, and whether they are back.',
      over: 'Servers cut no client off{{ with $labels.reason }} ({{ . }}){{ end }}. The dashboard of the app shows whether its clients are back.',
    },
    runbook: REASON_RUNBOOK,
    panel: HISTORY,
    leads: { to: 'app', of: ['account', 'app'], records: ALL_STOPS, by: ['reason', 'account', 'app'] },
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
    last: 'last_seen',
    fires: { when: 'gte', value: 50 },
    for: '0s',
    severity: 'warning',
    summary: {
      firing: `{{ $labels.app }}: refused {{ $values.A.Value }} times in an hour${LAST_AT}`,
      over: '{{ or $labels.app "all apps" }}: refusals in the last hour: {{ $values.A.Value }}, fewer than 50',
    },
    description: {
      firing:
        '{{ $labels.reason }}: so many refusals of one app in an hour are a deployment with wrong or rotated credentials rather than a typo. Check the credentials that {{ $labels.app }} uses; the records show the user it claims to be, and from where.',
      over: 'The number of refusals is what typing errors and deployments make.',
    },
    runbook: REASON_RUNBOOK,
    panel: HISTORY,
    leads: { to: 'app', of: ['app'], records: ALL_STOPS, by: ['reason', 'app'] },
    systemOnly: true,
  },
  {
    uid: 'nats-unexpected-stops',
    title: 'NATS connections stop unexpectedly and often',
    query: { queryType: 'stops', groupBy: ['reason', 'account'], filters: [UNEXPECTED] },
    minutes: 10,
    perMinute: true,
    last: 'last_seen',
    fires: { when: 'gt', value: 10 },
    for: '0s',
    severity: 'warning',
    summary: {
      firing: `{{ $labels.account }}: {{ $labels.reason }}, {{ printf "%.0f" $values.rate.Value }} stops a minute${LAST_AT}`,
      over: '{{ or $labels.account "all accounts" }}: {{ or $labels.reason "whatever reason" }}, no more than 10 stops a minute',
    },
    description: {
      firing:
        'More than 10 connections a minute stopped over 10 minutes for a reason that nobody meant. The dashboard of the account shows whose they are; the page below says what the reason means and what to do.',
      over: 'The dashboard of the account shows whether the clients are back.',
    },
    runbook: REASON_RUNBOOK,
    panel: HISTORY,
    leads: {
      to: 'account',
      of: ['account'],
      filtered: ['reason'],
      records: ALL_STOPS,
      by: ['reason', 'account'],
    },
  },
  {
    uid: 'nats-server-no-answer',
    title: 'NATS server does not answer',
    query: { queryType: 'servers', metric: 'answered', groupBy: ['server'] },
    minutes: 10,
    last: 'last_read',
    fires: { when: 'lt', value: 1 },
    for: '2m',
    severity: 'error',
    summary: {
      firing: `{{ $labels.server }}: its monitoring endpoint does not answer${LAST_AT}`,
      over: '{{ $labels.server }}: its monitoring endpoint answers',
    },
    description: {
      firing:
        'While {{ $labels.server }} does not answer, its stops are missing from every panel and alert rule, and those it forgets meanwhile are lost. Check that the server runs and that Grafana reaches its monitoring port; the dashboard’s server table shows the error.',
      over: 'What stopped meanwhile was read as far as the server still had it; the dashboard shows what is missing.',
    },
    runbook: `${DOCS}/troubleshoot.md#network`,
    panel: SERVERS,
    leads: { to: 'servers', of: ['server'], records: ALL_EVENTS, by: ['server'] },
  },
  {
    uid: 'nats-records-lost',
    title: 'NATS stop records lost',
    query: { queryType: 'servers', metric: 'records_lost', groupBy: ['server'] },
    minutes: 60,
    last: 'last_read',
    fires: { when: 'gt', value: 0 },
    for: '0s',
    severity: 'warning',
    summary: {
      firing: '{{ $labels.server }}: stops forgotten before they were read: {{ $values.A.Value }}',
      over: '{{ $labels.server }}: no stop was forgotten in the last hour',
    },
    description: {
      firing:
        'Servers keep their last stops in memory only (max_closed_clients, 10,000 by default), and more stopped than fit between two reads. Counts of that time are too low. Find out what stops so often, raise max_closed_clients, or refresh more often.',
      over: 'Counts of the time before stay too low.',
    },
    runbook: `${DOCS}/alert.md#is-everything-seen`,
    panel: SERVERS,
    leads: { to: 'servers', of: ['server'], records: ALL_EVENTS, by: ['server'] },
    systemOnly: true,
  },
];
