import { exactTime, moved, parseExactly, printExactly } from './replies';

test.each([
  '{"in_bytes":18446744073709551615,"cid":7}',
  '{"a":1e+15,"b":-0.50,"c":[1.0,2],"d":"x: 5.0, y","e":null,"f":true}',
  '{"stop":"","port":"4222"}',
])('%s is printed as it was read', (json) => {
  expect(printExactly(parseExactly(json))).toBe(json);
});

test('times are moved, however deep, and nothing else is', () => {
  const said = {
    now: '2026-11-25T17:16:54.277787123Z',
    start: '2026-11-25T17:16:54Z',
    never: '0001-01-01T00:00:00Z',
    connections: [{ stop: '2026-11-25T18:16:54.5+01:00', name: 'since 2026-11-25T17:16:54Z', uptime: '1m' }],
  };
  expect(moved(said, 60_001)).toEqual({
    now: '2026-11-25T17:17:54.278787123Z',
    start: '2026-11-25T17:17:54.001000000Z',
    never: '0001-01-01T00:00:00Z',
    connections: [{ stop: '2026-11-25T17:17:54.501000000Z', name: 'since 2026-11-25T17:16:54Z', uptime: '1m' }],
  });
});

test('a time is written to the microsecond', () => {
  expect(exactTime(Date.parse('2026-11-25T17:16:54.277Z') + 0.125)).toBe('2026-11-25T17:16:54.277125Z');
});
