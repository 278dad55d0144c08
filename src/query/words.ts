import { KEY_WORDS, METRIC_WORDS, type Metric, type Operator, type QueryType, type View } from './model.gen';

/** A thing to choose, as people read it. */
export interface Words {
  label: string;
  description: string;
}

export type AskableType = Exclude<QueryType, 'values'>;

export const TYPE_WORDS: Record<AskableType, Words> = {
  stops: { label: 'Closed connections', description: 'Connections that stopped in the time range, and why' },
  connections: { label: 'Open connections', description: 'Connections as they are now' },
  findings: { label: 'Findings', description: 'What is worth a person’s time: what is wrong, whose it is, what to do' },
  servers: { label: 'Servers', description: 'Each server and how complete its records are' },
};

export const VIEW_WORDS: Record<View, Words> = {
  timeseries: { label: 'Time series', description: 'One number per interval and group' },
  totals: { label: 'Totals', description: 'One number per group: stat, gauge, pie, alert rules' },
  table: { label: 'Table', description: 'One row per group or finding' },
  records: { label: 'Records', description: 'One row per connection' },
  events: {
    label: 'Events',
    description: 'What happened to servers: restarts, silence, clocks; log lines, annotations',
  },
  logs: { label: 'Logs', description: 'One log line per closed connection or finding' },
};

export const OPERATOR_WORDS: Record<Operator, Words & { verb: string }> = {
  '=': { label: '=', description: 'Is', verb: 'is' },
  '!=': { label: '!=', description: 'Is not', verb: 'is not' },
  '=|': { label: '=|', description: 'Is one of', verb: 'is one of' },
  '!=|': { label: '!=|', description: 'Is none of', verb: 'is none of' },
  '=~': { label: '=~', description: 'Matches the regular expression (RE2, whole value)', verb: 'matches' },
  '!~': { label: '!~', description: 'Does not match the regular expression', verb: 'does not match' },
};

/** Columns that rows are sorted by and that are no metrics. */
const COLUMN_LABELS: Record<string, string> = {
  time: 'Time',
  first_seen: 'First seen',
  last_seen: 'Last seen',
  instances: 'Instances',
  duration: 'Duration',
  idle: 'Idle',
  rtt: 'Round-trip time',
  uptime: 'Uptime',
};

/** What people call a column. */
export function columnLabel(column: string): string {
  return COLUMN_LABELS[column] ?? METRIC_WORDS[column as Metric]?.label ?? column;
}

export { KEY_WORDS, METRIC_WORDS };
