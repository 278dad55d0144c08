import { serverProblem } from './servers';

test.each([
  'nats://n1:4222',
  'tls://nats.example.com',
  'NATS://N1:4222/',
  'nats://[::1]:4222',
  'nats://10.0.0.1',
  'ws://n1:8080',
  'wss://nats.example.com/nats',
])('%s can be used', (server) => {
  expect(serverProblem(server)).toBeUndefined();
});

test.each([
  ['', /starts with nats/],
  ['n1:4222', /starts with nats/],
  ['ftp://n1:8080', /starts with nats/],
  ['wss://n1:8080/x?y', /follows the port/],
  ['http://n1:8222', /monitoring URL/],
  ['https://n1', /monitoring URL/],
  ['nats://', /one host/],
  ['nats://n1:port', /one host/],
  ['nats://n1:99999', /one host/],
  ['nats://n1,n2', /one host/],
  ['nats://me:secret@n1:4222', /login below/],
  ['nats://token@n1:4222', /login below/],
  ['nats://n1:4222/x', /follows the port/],
  ['nats://n1:4222?x=1', /follows the port/],
  ['nats://n1:4222/#', /follows the port/],
])('%s cannot be used', (server, sentence) => {
  expect(serverProblem(server)).toMatch(sentence);
});

test('an address is there once', () => {
  expect(serverProblem('nats://n1:4222/', ['nats://n1:4222'])).toMatch(/twice/);
  expect(serverProblem('tls://n1:4222', ['nats://n1:4222'])).toBeUndefined();
});

test('a web ingress is for all or for none', () => {
  expect(serverProblem('wss://n1', ['nats://n1:4222'])).toMatch(/for all/);
  expect(serverProblem('nats://n1', ['', 'wss://n1'])).toMatch(/for all/);
  expect(serverProblem('wss://n1', ['', 'ws://n2'])).toBeUndefined();
});
