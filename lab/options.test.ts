import { BEHAVIOURS, behaviourNamed } from './behaviours';
import { helpText, parseOptions } from './options';
import { parseRate } from './rate';

it('starts the mix when nothing is said', () => {
  expect(parseOptions([])).toMatchObject({ command: 'mix', once: false, json: false, servers: [], meanMs: 12_000 });
});

it('reads where the servers are', () => {
  const options = parseOptions(['stale', '--rate', '2/s', '--servers', 'nats://a:1, nats://b:2', '--pids', '7,8']);
  expect(options).toMatchObject({
    command: 'stale',
    meanMs: 500,
    servers: ['nats://a:1', 'nats://b:2'],
    pids: [7, 8],
  });
});

it.each([
  [['--nats-port', 'x'], '--nats-port is no port: x'],
  [['stale', 'reset'], 'one behaviour at a time, not stale reset'],
  [['--nonsense'], "Unknown option '--nonsense'"],
])('refuses %j', (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});

it('lists every behaviour with its reason', () => {
  const help = helpText();
  for (const { id, reason, about } of BEHAVIOURS) {
    expect(help).toMatch(new RegExp(`^  ${id} +${reason.replace(/[()]/g, '\\$&')}: `, 'm'));
    expect(help).toContain(about);
  }
});

it('has behaviours that are told apart and happen at a rate', () => {
  expect(new Set(BEHAVIOURS.map(({ id }) => id)).size).toBe(BEHAVIOURS.length);
  for (const { often, servers } of BEHAVIOURS) {
    expect(parseRate(often)).toBeGreaterThan(0);
    expect(servers.length).toBeGreaterThan(0);
  }
});

it('names the behaviours there are when asked for another', () => {
  expect(() => behaviourNamed('nap')).toThrow(/there is no behaviour "nap"; there are clean-close, /);
});
