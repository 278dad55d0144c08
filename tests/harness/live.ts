/** Streams of the plugin, read as Grafana and its browsers read them. */
import { type Packet, type Value } from '../../lab/frame';
import { type DataSource, type Host, type Query } from '../../lab/host';
import { ask, frameOf } from './plugin';

/** Where an answer goes on, as Grafana takes it apart. */
export async function startLive(host: Host, source: DataSource, query: Query) {
  const frame = frameOf(await ask(host, source, query));
  const channel = frame.schema.meta?.channel ?? '';
  const path = channel.split('/').slice(2).join('/');
  // A question that the channel has no room for is sent along, as browsers do.
  const question = frame.schema.meta?.custom?.live?.question;
  return {
    question,
    ids: idsIn({ ...frame, live: { run: '', number: 0 } }, frame.schema),
    channel,
    path,
    schema: frame.schema,
  };
}

/** The ids of a packet's rows, in the order in which they came. */
export function idsIn({ data }: Packet, schema: Packet['schema']): string[] {
  const column = (name: string): Value[] =>
    data.values[schema?.fields.findIndex((field) => field.name === name) ?? 0] ?? [];
  return column('id').length > 0
    ? column('id').map(String)
    : column('cid').map((cid, i) => `${column('server_id')[i]}/${cid}`);
}

/** Reads what a stream sends as a browser does: by the schema that came last. */
export class Reader {
  private schema: Packet['schema'];

  ids = (came: Array<{ packet: Packet }>): string[] =>
    came.flatMap(({ packet }) => idsIn(packet, (this.schema = packet.schema ?? this.schema)));
}

/** All ids of what a stream sent since it began. */
export const idsOf = (came: Array<{ packet: Packet }>): string[] => new Reader().ids(came);
