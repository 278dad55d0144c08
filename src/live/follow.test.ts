import {
  type DataFrame,
  type DataFrameJSON,
  type DataQueryRequest,
  type DataQueryResponse,
  type LiveChannelEvent,
  type LiveChannelStatusEvent,
  dateTime,
  FieldType,
  LiveChannelConnectionState,
  LiveChannelEventType,
  LoadingState,
  toDataFrame,
} from '@grafana/data';
import { config } from '@grafana/runtime';
import { of, Subject } from 'rxjs';
import { type NatsQuery } from '../types';
import { follow } from './follow';
import { asked, tailed } from './lead';

let events: Subject<LiveChannelEvent>;
const subscribed = jest.fn();

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  getGrafanaLiveSrv: () => ({
    getStream: (address: object) => {
      subscribed(address);
      return events;
    },
  }),
}));

const NOW = Date.UTC(2026, 2, 1, 12);

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
  events = new Subject();
  subscribed.mockClear();
});
afterEach(() => jest.useRealTimers());

const fields = [
  { name: 'timestamp', type: FieldType.time },
  { name: 'body', type: FieldType.string },
  { name: 'id', type: FieldType.string },
];

const columns = (cids: number[]) => [
  cids.map((cid) => NOW + cid),
  cids.map((cid) => `stop ${cid}`),
  cids.map((cid) => `S/${cid}`),
];

/** An answer that goes on, of these connections, with notices of which the last so many pass. */
function answer(cids: number[], notices: string[] = [], passing = 0): DataQueryResponse {
  const values = columns(cids);
  const custom = { live: { channel: 'ds/nats/live/1/hash', question: { view: 'logs' }, passing } };
  const meta = { custom, notices: notices.map((text) => ({ severity: 'info' as const, text })) };
  return {
    data: [toDataFrame({ refId: 'A', meta, fields: fields.map((field, i) => ({ ...field, values: values[i] })) })],
  };
}

function request(
  part: Partial<DataQueryRequest<NatsQuery>> = {},
  query: Partial<NatsQuery> = {}
): DataQueryRequest<NatsQuery> {
  const range = { from: dateTime(NOW - 600_000), to: dateTime(NOW), raw: { from: 'now-10m', to: 'now' } };
  const target: NatsQuery = { refId: 'A', version: 1, queryType: 'stops', view: 'logs', live: true, ...query };
  return { requestId: 'Q1', range, targets: [target], app: 'dashboard', ...part } as DataQueryRequest<NatsQuery>;
}

/** A message as the backend sends it. */
const packet = (cids: number[], number: number, more: object = {}, notices?: string[]): DataFrameJSON =>
  ({
    ...(notices && { schema: { fields, meta: { notices: notices.map((text) => ({ severity: 'warning', text })) } } }),
    data: { values: columns(cids) },
    live: { run: 'r1', number, ...more },
  }) as DataFrameJSON;

const message = (one: DataFrameJSON): LiveChannelEvent => ({ type: LiveChannelEventType.Message, message: one });

const status = (state: LiveChannelConnectionState, more: Partial<LiveChannelStatusEvent> = {}): LiveChannelEvent => ({
  type: LiveChannelEventType.Status,
  id: '',
  timestamp: 0,
  state,
  ...more,
});

const { Connected, Connecting, Pending } = LiveChannelConnectionState;

/** Follows a request; what is drawn last, and what was asked. */
function following(given = request(), answers = [answer([1, 2])]) {
  const drawn: DataQueryResponse[] = [];
  const ask = jest.fn(() => of(answers.length > 1 ? answers.shift()! : answers[0]));
  const subscription = follow(given, ask).subscribe((response) => drawn.push(response));
  const frame = (): DataFrame => drawn[drawn.length - 1].data[0];
  return {
    drawn,
    ask,
    frame,
    ids: () => frame().fields[2].values.map((id) => Number(String(id).slice(2))),
    notices: () => (frame().meta?.notices ?? []).map(({ text }) => text),
    stop: () => subscription.unsubscribe(),
  };
}

function send(...all: LiveChannelEvent[]) {
  all.forEach((event) => events.next(event));
  jest.advanceTimersByTime(1_000);
}

test('what is answered goes on with what stops, newest first, each once', () => {
  const { ids, drawn } = following();
  expect(subscribed).toHaveBeenCalledWith(expect.objectContaining({ path: 'live/1/hash', data: { view: 'logs' } }));
  send(status(Connected, { message: packet([1, 2, 3], 0, { run: '' }, []) }), message(packet([2, 3, 4], 1)));
  expect(ids()).toEqual([4, 3, 2, 1]);
  expect(drawn[drawn.length - 1].state).toBe(LoadingState.Streaming);
});

test.each([
  ['a number is missing', [message(packet([], 5, {}, [])), message(packet([9], 7))], 2],
  ['none is missing', [message(packet([], 5, {}, [])), message(packet([9], 6))], 1],
  ['the stream began again', [message(packet([], 5, {}, [])), message(packet([9], 1, { run: 'r2' }))], 2],
  [
    'a stream begins after it was subscribed to',
    [status(Connected, { message: packet([], 0, { run: '' }, []) }), message(packet([9], 1))],
    1,
  ],
  ['more happened than was sent', [message(packet([9], 1, { more: true }, []))], 2],
  ['the connection comes back', [status(Connected), status(Connecting), status(Connected)], 2],
  ['the connection comes', [status(Pending), status(Connected)], 1],
])('when %s, what is missing is asked for', (_, happens, times) => {
  const { ask, ids } = following(request(), [answer([1]), answer([1, 8])]);
  send(...happens);
  jest.advanceTimersByTime(5_000);
  expect(ask).toHaveBeenCalledTimes(times);
  expect(ids().includes(8)).toBe(times > 1);
});

test('what is asked again is the same question up to now', () => {
  const { ask } = following();
  send(message(packet([9], 1, { more: true }, [])));
  jest.advanceTimersByTime(5_000);
  const [, [again]] = ask.mock.calls as unknown as Array<[DataQueryRequest<NatsQuery>]>;
  expect(again.range.from.valueOf()).toBe(NOW - 600_000);
  expect(again.range.to.valueOf()).toBeGreaterThan(NOW);
  expect(again.requestId).not.toBe('Q1');
});

test('rows give way that are older than the range is long, or too many', () => {
  const few = following(request({}, { limit: 2 }));
  send(message(packet([3], 1, {}, [])));
  expect(few.ids()).toEqual([3, 2]);
  expect(few.notices()).toEqual(['Live, the first 2 rows are kept; others gave way.']);
  const recent = following();
  jest.advanceTimersByTime(601_000);
  send(message(packet([700_000], 2, {}, [])));
  expect(recent.ids()).toEqual([700_000]);
});

test('records keep the order that was asked for', () => {
  const sort = { by: 'id', desc: false };
  const { frame } = following(request({}, { view: 'records', sort }));
  send(message(packet([3], 1, {}, [])));
  expect(frame().fields[0].values).toEqual([NOW + 3, NOW + 2, NOW + 1]);
});

test('what the stream tells anew replaces what the answer told of it', () => {
  const { notices } = following(request(), [answer([1], ['records begin at noon', 'No answer from n1'], 1)]);
  expect(notices()).toEqual(['records begin at noon']);
  send(message(packet([], 1, {}, ['No answer from n2'])));
  expect(notices()).toEqual(['records begin at noon', 'No answer from n2']);
  send(message(packet([], 2, {}, [])));
  expect(notices()).toEqual(['records begin at noon']);
});

test('it is told when the browser is not connected', () => {
  const { notices } = following();
  jest.advanceTimersByTime(9_000);
  expect(notices()).toEqual([]);
  jest.advanceTimersByTime(2_000);
  expect(notices()).toEqual(['Not connected to Grafana Live: nothing new is shown until it is.']);
  send(status(Connected));
  expect(notices()).toEqual([]);
  send(status(Connecting));
  expect(notices()).toHaveLength(1);
  send(status(Pending, { error: 'permission denied' }));
  expect(notices()).toEqual(['Grafana Live cannot follow this query: permission denied']);
});

test('nothing goes on after the panel is gone', () => {
  const { stop, drawn } = following();
  expect(events.observed).toBe(true);
  stop();
  expect(events.observed).toBe(false);
  const before = drawn.length;
  jest.advanceTimersByTime(60_000);
  expect(drawn).toHaveLength(before);
});

test.each([
  ['a query that is not live', request({}, { live: undefined })],
  ['a range in the past', request({ range: { ...request().range, raw: { from: 'now-2h', to: 'now-1h' } } })],
])('%s is not followed', (_, given) => {
  const { drawn } = following(given);
  expect(subscribed).not.toHaveBeenCalled();
  expect(drawn).toHaveLength(1);
});

test('a public dashboard is not followed', () => {
  config.publicDashboardAccessToken = 'token';
  following();
  expect(subscribed).not.toHaveBeenCalled();
  config.publicDashboardAccessToken = undefined;
});

describe('Live in Explore', () => {
  const live = (query: Partial<NatsQuery>) => tailed(request({ liveStreaming: true }, { live: undefined, ...query }));

  test('shows stops as log lines, whatever view they were asked in', () => {
    const filters = [{ key: 'app' as const, operator: '=' as const, values: ['x'] }];
    expect(live({ view: 'timeseries', groupBy: ['app'], limit: 5, filters }).targets).toEqual([
      expect.objectContaining({ view: 'logs', filters, limit: undefined }),
    ]);
    expect(live({ limit: 5 }).targets[0].limit).toBe(5);
    expect(live({ limit: 100_000 }).targets[0].limit).toBe(1_000);
    following(live({}));
    expect(subscribed).toHaveBeenCalled();
  });

  test('says that nothing else comes live', () => {
    const { drawn, ask } = following(live({ queryType: 'servers', view: 'table' }));
    expect(ask).not.toHaveBeenCalled();
    expect(drawn[0].errors?.[0].message).toContain('Only closed connections come live');
  });

  test('draws once more what Explore may have passed over', () => {
    const { drawn } = following(live({}));
    const before = drawn.length;
    jest.advanceTimersByTime(5_000);
    expect(drawn.length).toBe(before + 1);
  });
});

test('Grafana is not led to follow by itself, but what cannot be live is refused by the backend', () => {
  expect(asked(request().targets[0]).live).toBeUndefined();
  expect(asked(request({}, { view: 'totals' }).targets[0]).live).toBe(true);
});
