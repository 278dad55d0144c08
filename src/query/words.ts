import { translated } from '../texts';
import { KEY_WORDS, METRIC_WORDS, type Key, type Metric, type Operator, type QueryType, type View } from './model.gen';

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

export const OPERATOR_WORDS: Record<Operator, { description: string; verb: string }> = {
  '=': { description: 'Is', verb: 'is' },
  '!=': { description: 'Is not', verb: 'is not' },
  '=|': { description: 'Is one of', verb: 'is one of' },
  '!=|': { description: 'Is none of', verb: 'is none of' },
  '=~': { description: 'Matches the regular expression (RE2, whole value)', verb: 'matches' },
  '!~': { description: 'Does not match the regular expression', verb: 'does not match' },
};

/** Columns that rows are sorted by and that are no metrics. */
export const COLUMN_WORDS: Record<string, { label: string }> = {
  time: { label: 'Time' },
  first_seen: { label: 'First seen' },
  last_seen: { label: 'Last seen' },
  instances: { label: 'Instances' },
  duration: { label: 'Duration' },
  idle: { label: 'Idle' },
  rtt: { label: 'Round-trip time' },
  uptime: { label: 'Uptime' },
};

export const typeWords = (type: AskableType): Words => translated(`type.${type}`, TYPE_WORDS[type]);
export const viewWords = (view: View): Words => translated(`view.${view}`, VIEW_WORDS[view]);
export const metricWords = (metric: Metric): Words => translated(`metric.${metric}`, METRIC_WORDS[metric]);
export const keyWords = (key: Key) => translated(`key.${key}`, KEY_WORDS[key]);

/** An operator's sign stays what it is. */
export function operatorWords(operator: Operator): Words & { verb: string } {
  return { label: operator, ...translated(`operator.${operator}`, OPERATOR_WORDS[operator]) };
}

/** What people call a column. */
export function columnLabel(column: string): string {
  if (column in COLUMN_WORDS) {
    return translated(`column.${column}`, COLUMN_WORDS[column]).label;
  }
  return column in METRIC_WORDS ? metricWords(column as Metric).label : column;
}
