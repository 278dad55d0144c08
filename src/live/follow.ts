import {
  type DataFrame,
  type DataFrameJSON,
  type DataQueryRequest,
  type DataQueryResponse,
  type LiveChannelEvent,
  type QueryResultMetaNotice,
  dateTime,
  isLiveChannelMessageEvent,
  isLiveChannelStatusEvent,
  LoadingState,
} from '@grafana/data';
import { getGrafanaLiveSrv } from '@grafana/runtime';
import { auditTime, combineLatest, concatMap, map, Observable, of, Subject, Subscription, switchMap } from 'rxjs';
import { t } from '../texts';
import { type NatsQuery } from '../types';
import { Drawing } from './drawing';
import { type Lead, leadOf } from './lead';
import { CONNECT_MS, Link } from './link';
import { Rows } from './rows';

type Ask = (request: DataQueryRequest<NatsQuery>) => Observable<DataQueryResponse>;

/** Where a message stands in its stream. */
interface Position {
  run: string;
  number: number;
  more?: boolean;
}

type Packet = DataFrameJSON & { live?: Position };

/** How often a panel is drawn at most. */
const DRAW_MS = 200;

/** Explore passes over what comes within half a second of what it drew last. */
const EXPLORE_MS = 600;

/** Another Grafana, which answers, may read its servers later than the one that streams. */
const AGAIN_MS = 2_500;

/** Has answers that are to be followed go on with what stops after them. */
export function follow(request: DataQueryRequest<NatsQuery>, ask: Ask): Observable<DataQueryResponse> {
  if (request.liveStreaming && request.targets.length === 0) {
    const message = t('live.onlyStops', 'Only closed connections come live; choose them as the query type.');
    return of({ data: [], state: LoadingState.Error, errors: [{ message }] });
  }
  return ask(request).pipe(
    switchMap((response) => {
      const frames: DataFrame[] = response.data;
      const leads = frames.map((frame) => leadOf(frame, request));
      if (!leads.some(Boolean)) {
        return of(response);
      }
      const parts = frames.map((frame, index) => {
        const lead = leads[index];
        return lead ? tail(frame, lead, request, ask) : of(frame);
      });
      return combineLatest(parts).pipe(map((data) => ({ ...response, data, state: LoadingState.Streaming })));
    })
  );
}

function tail(frame: DataFrame, lead: Lead, request: DataQueryRequest<NatsQuery>, ask: Ask): Observable<DataFrame> {
  return new Observable<DataFrame>((subscriber) => {
    const rows = new Rows(frame, lead.keeping);
    const all = new Subscription();
    const missed = new Subject<void>();
    const link = new Link();
    const drawing = new Drawing(request.liveStreaming ? EXPLORE_MS : DRAW_MS, Boolean(request.liveStreaming), () =>
      subscriber.next(
        withNotices(rows.frame(Date.now()), frame, lead, [...rows.notices, ...link.tell(), ...cut(rows, lead)])
      )
    );
    let at: Position | undefined;
    const receive = (packet: Packet) => {
      const isNew = rows.receive(packet);
      if (packet.live && isGap(at, packet.live)) {
        missed.next();
      }
      at = packet.live ?? at;
      if (isNew) {
        drawing.request();
      }
    };
    drawing.request();
    all.add(() => drawing.stop());
    all.add(
      missed
        .pipe(
          auditTime(AGAIN_MS),
          concatMap(() => again(frame, request, ask))
        )
        .subscribe((newer) => {
          if (newer && rows.take(newer)) {
            drawing.request();
          }
        })
    );
    const waited = setTimeout(() => link.isWaiting && drawing.request(), CONNECT_MS);
    all.add(() => clearTimeout(waited));
    all.add(
      getGrafanaLiveSrv()
        .getStream<Packet>(lead.address)
        .subscribe({
          next: (event) => {
            if (link.hear(event)) {
              missed.next();
            }
            const packet = packetIn(event);
            if (packet) {
              receive(packet);
            }
            if (link.isOther) {
              drawing.request();
            }
          },
          complete: () => {
            link.end();
            drawing.request();
          },
        })
    );
    return all;
  });
}

function packetIn(event: LiveChannelEvent<Packet>): Packet | undefined {
  return isLiveChannelMessageEvent(event) || isLiveChannelStatusEvent(event) ? event.message : undefined;
}

/** Whether something was sent that did not come. */
function isGap(before: Position | undefined, { run, number, more }: Position): boolean {
  if (more) {
    return true;
  }
  if (!before) {
    return false;
  }
  return before.run === run || !before.run ? number > before.number + 1 : true;
}

let asked = 0;

/** The same question up to now. */
function again(
  { refId }: DataFrame,
  request: DataQueryRequest<NatsQuery>,
  ask: Ask
): Observable<DataFrame | undefined> {
  const range = { ...request.range, to: dateTime() };
  const targets = request.targets.filter((query) => query.refId === refId);
  const requestId = `${request.requestId}-again-${++asked}`;
  return ask({ ...request, requestId, range, targets, hideFromInspector: true }).pipe(
    map(({ data }) => (data as DataFrame[]).find((frame) => frame.refId === refId && frame.fields.length > 0))
  );
}

function cut(rows: Rows, { keeping }: Lead): QueryResultMetaNotice[] {
  return rows.cut
    ? [
        {
          severity: 'info',
          text: t('live.cut', 'Live, the first {{limit, number}} rows are kept; others gave way.', {
            limit: keeping.limit,
          }),
        },
      ]
    : [];
}

/** What the answer told stays, but for what the stream tells anew. */
function withNotices(made: DataFrame, answer: DataFrame, { passing }: Lead, told: QueryResultMetaNotice[]): DataFrame {
  const lasting = answer.meta?.notices ?? [];
  const notices = [...lasting.slice(0, lasting.length - passing), ...told];
  return { ...made, meta: { ...answer.meta, notices } };
}
