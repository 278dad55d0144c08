import { type Key, type Metric, type Operator, type QueryType, type View } from './model.gen';

/** A thing to choose, as people read it. */
export interface Words {
  label: string;
  description: string;
}

export type AskableType = Exclude<QueryType, 'values'>;

export const TYPE_WORDS: Record<AskableType, Words> = {
  stops: { label: 'Closed connections', description: 'Connections that stopped in the time range, and why' },
  connections: { label: 'Open connections', description: 'Connections as they are now' },
  servers: { label: 'Servers', description: 'Each server and how complete its records are' },
};

export const VIEW_WORDS: Record<View, Words> = {
  timeseries: { label: 'Time series', description: 'One number per interval and group' },
  totals: { label: 'Totals', description: 'One number per group: stat, gauge, pie, alert rules' },
  table: { label: 'Table', description: 'One row per group' },
  records: { label: 'Records', description: 'One row per connection' },
  logs: { label: 'Logs', description: 'One log line per closed connection' },
};

export const METRIC_WORDS: Record<Metric, Words> = {
  stops: { label: 'Stops', description: 'How many connections stopped' },
  bytes_lost_min: { label: 'Bytes lost, at least', description: 'What servers threw away with the connections' },
  connections: { label: 'Connections', description: 'How many connections are open' },
  pending_bytes: { label: 'Pending bytes', description: 'Queued for clients, not sent yet' },
  subscriptions: { label: 'Subscriptions', description: 'How many subscriptions they have' },
  in_msgs: { label: 'Messages in', description: 'Received from clients since they connected' },
  out_msgs: { label: 'Messages out', description: 'Queued for clients since they connected' },
  in_bytes: { label: 'Bytes in', description: 'Received from clients since they connected' },
  out_bytes: { label: 'Bytes out', description: 'Queued for clients since they connected' },
  open: { label: 'Open', description: 'Connections open now' },
  total: { label: 'Total', description: 'Connections since the server started' },
  answered: { label: 'Answered', description: '1 if the server answered, 0 if not' },
  oldest_age: { label: 'Reach of records', description: 'Age of the oldest kept record, in seconds' },
  records_lost: { label: 'Records lost', description: 'Dropped by the server before they could be read' },
  evicted_before: { label: 'Evicted before', description: 'Dropped by the server before the first contact' },
};

export const OPERATOR_WORDS: Record<Operator, Words & { verb: string }> = {
  '=': { label: '=', description: 'Is', verb: 'is' },
  '!=': { label: '!=', description: 'Is not', verb: 'is not' },
  '=|': { label: '=|', description: 'Is one of', verb: 'is one of' },
  '!=|': { label: '!=|', description: 'Is none of', verb: 'is none of' },
  '=~': { label: '=~', description: 'Matches the regular expression (RE2, whole value)', verb: 'matches' },
  '!~': { label: '!~', description: 'Does not match the regular expression', verb: 'does not match' },
};

/** What a key tells; it is shown by its own name, since that is also the label's and the column's. */
export const KEY_WORDS: Record<Key, { group: string; description: string }> = {
  reason: { group: 'Why', description: 'What the server says about the end' },
  class: { group: 'Why', description: 'planned or unexpected' },
  category: { group: 'Why', description: 'Reasons that are investigated alike' },
  severity: { group: 'Why', description: 'info, warning, error or critical' },
  account: { group: 'Where', description: 'NATS account' },
  server: { group: 'Where', description: 'NATS server' },
  cluster: { group: 'Where', description: 'Cluster of the server' },
  user: { group: 'Who', description: 'User that the client claimed to be' },
  name: { group: 'Who', description: 'Name the client gave itself' },
  app: { group: 'Who', description: 'Client name without its instance suffix' },
  kind: { group: 'Who', description: 'Client or leafnode' },
  type: { group: 'Who', description: 'nats, websocket or mqtt' },
  lang: { group: 'Who', description: 'Client library' },
  version: { group: 'Who', description: 'Version of the client library' },
  ip: { group: 'Who', description: 'Address the client came from' },
  identified: { group: 'Who', description: 'false for probes and scans that never said who they are' },
};
