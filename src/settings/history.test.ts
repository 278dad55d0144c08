import { capturedProblem, countProblem, historyWhen, prefixProblem, streamProblem, writing } from './history';

test.each(['', 'NATS_CONNECTIONS', 'a-b_c'])('%j can be a stream', (name) => {
  expect(streamProblem(name)).toBeUndefined();
});

test.each(['a.b', 'a b', 'a*', '>', 'a/b', 'a\\b', 'x'.repeat(256)])('%j cannot', (name) => {
  expect(streamProblem(name)).toMatch(/name of a stream/);
});

test('what others capture is in another stream', () => {
  expect(capturedProblem('', '')).toBeUndefined();
  expect(capturedProblem('DISCONNECTS', '')).toBeUndefined();
  expect(capturedProblem('a.b', '')).toMatch(/name of a stream/);
  expect(capturedProblem('NATS_CONNECTIONS', '')).toMatch(/stream of the history/);
  expect(capturedProblem('X', 'X')).toMatch(/stream of the history/);
  expect(capturedProblem('NATS_CONNECTIONS', 'X')).toBeUndefined();
});

test.each(['', 'nats.connections', 'x', 'a.$b'])('subjects can begin with %j', (prefix) => {
  expect(prefixProblem(prefix)).toBeUndefined();
});

test.each(['a.', '.a', 'a.>', 'a *', '$JS.x', 'a..b'])('but not with %j', (prefix) => {
  expect(prefixProblem(prefix)).toMatch(/without wildcards/);
});

test.each([
  [10_000, true],
  [20_000_000, true],
  [9_999, false],
  [1.5e4 + 0.5, false],
  [NaN, false],
])('%d records can be kept: %s', (count, can) => {
  expect(countProblem(count) === undefined).toBe(can);
});

test('what was written is there again', () => {
  expect(historyWhen(true, undefined)).toEqual({ servers: [], auth: 'credentials' });
  const before = { servers: ['nats://n1'], auth: 'none' as const, stream: 'X' };
  expect(historyWhen(false, before)).toBeUndefined();
  expect(historyWhen(true, before)).toEqual(before);
});

test('who reads alone makes no stream', () => {
  expect(writing(false)).toEqual({ write: false, create: undefined, private: undefined });
  expect(writing(true)).toEqual({ write: undefined });
});
