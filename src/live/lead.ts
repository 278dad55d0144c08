import { type DataFrame, type DataQueryRequest, type LiveChannelAddress, parseLiveChannelAddress } from '@grafana/data';
import { config } from '@grafana/runtime';
import { complete, effectiveSort } from '../query/defaults';
import { DEFAULT_ROWS } from '../query/model.gen';
import { isFollowable } from '../query/validity';
import { type NatsQuery } from '../types';
import { type Keeping } from './rows';

/** Where an answer goes on, as the backend tells in the frame's meta. */
interface Told {
  channel: string;
  /** What has to be sent along, where the channel has no room for it. */
  question?: object;
  /** How many of the answer's notices, its last, the stream tells anew. */
  passing?: number;
}

export interface Lead {
  address: LiveChannelAddress;
  keeping: Keeping;
  passing: number;
}

/** A range that ends now, whenever that is. */
const ENDS_NOW = /^now(\/[a-zA-Z]+)?$/;

/** What the backend is asked: with `live`, Grafana would follow the channel by itself, and show rows twice. */
export function asked(query: NatsQuery): NatsQuery {
  const { live, ...rest } = query;
  return isFollowable(complete(query)) ? rest : query;
}

/** Where and how an answer is to go on; none if it is not. */
export function leadOf(frame: DataFrame, request: DataQueryRequest<NatsQuery>): Lead | undefined {
  const told = (frame.meta?.custom as { live?: Told } | undefined)?.live;
  const query = request.targets.find(({ refId }) => refId === frame.refId);
  const address = parseLiveChannelAddress(told?.channel);
  if (!told || !query || !address || config.publicDashboardAccessToken) {
    return undefined;
  }
  const { raw, from, to } = request.range;
  const endsNow = ENDS_NOW.test(String(raw.to));
  if (!request.liveStreaming && !(query.live && endsNow)) {
    return undefined;
  }
  const { by, desc } = effectiveSort(complete(query)) ?? { by: 'timestamp', desc: true };
  const span = endsNow ? to.valueOf() - from.valueOf() : undefined;
  return {
    address: { ...address, data: told.question },
    keeping: { limit: query.limit || DEFAULT_ROWS, by, desc, span },
    passing: told.passing ?? 0,
  };
}

/** A request of Explore's Live button: stops as log lines, whatever view they were asked in. */
export function tailed(request: DataQueryRequest<NatsQuery>): DataQueryRequest<NatsQuery> {
  if (!request.liveStreaming) {
    return request;
  }
  const targets = request.targets
    .filter((query) => complete(query).queryType === 'stops')
    .map(({ metric, groupBy, sort, interval, change, ...query }) => ({
      ...query,
      view: 'logs' as const,
      // Explore looks at every line each time, and would stand still for as many as are asked for otherwise.
      limit: complete(query).view === 'logs' ? Math.min(query.limit || DEFAULT_ROWS, DEFAULT_ROWS) : undefined,
    }));
  return { ...request, targets };
}
