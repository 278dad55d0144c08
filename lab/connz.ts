/** Lists of connections as nats-server sorts and cuts them for /connz. */

export type Connection = Record<string, unknown>;

/** What was asked: the query of /connz. */
export type Parameters = Pick<URLSearchParams, 'get'>;

const DEFAULT_LIMIT = 1024;

const number = (field: string) => (c: Connection) => Number(c[field] ?? 0);
const time = (field: string) => (c: Connection) => Date.parse(String(c[field] ?? '')) || 0;
const down =
  (value: (c: Connection) => number) =>
  (a: Connection, b: Connection): number =>
    value(b) - value(a);
const byCid = (a: Connection, b: Connection): number => number('cid')(a) - number('cid')(b);

/** What each `sort` does; servers sort by numbers from the largest down. */
const ORDERS: Record<string, (a: Connection, b: Connection) => number> = {
  cid: byCid,
  start: byCid,
  subs: down(number('subscriptions')),
  pending: down(number('pending_bytes')),
  msgs_to: down(number('out_msgs')),
  msgs_from: down(number('in_msgs')),
  bytes_to: down(number('out_bytes')),
  bytes_from: down(number('in_bytes')),
  last: down(time('last_activity')),
  idle: (a, b) => time('last_activity')(a) - time('last_activity')(b),
  uptime: (a, b) => time('start')(b) - time('start')(a),
  stop: down(time('stop')),
  reason: (a, b) => (String(a.reason) < String(b.reason) ? -1 : 1),
};

/** The part of /connz that depends on its query. */
export function pageOf(lists: { open: Connection[]; closed: Connection[] }, asked: Parameters) {
  const { open, closed } = lists;
  const state = asked.get('state') ?? 'open';
  const all = { open, closed, all: [...open, ...closed] }[state] ?? open;
  const order = ORDERS[asked.get('sort') || 'cid'];
  if (!order) {
    throw new Error(`no server sorts by ${asked.get('sort') ?? ''}`);
  }
  const cid = asked.get('cid');
  const chosen = cid === null ? [...all].sort(order) : all.filter((c) => String(c.cid) === cid);
  const offset = Number(asked.get('offset') ?? 0);
  const limit = Number(asked.get('limit') ?? DEFAULT_LIMIT) || DEFAULT_LIMIT;
  const connections = chosen.slice(offset, offset + limit);
  return { num_connections: connections.length, total: chosen.length, offset, limit, connections };
}
