import { splitUrls, urlProblem } from './urls';

test.each([
  ['http://a:8222', ['http://a:8222']],
  ['http://a:8222\nhttps://b\r\n', ['http://a:8222', 'https://b']],
  [' http://a , http://b;http://c ', ['http://a', 'http://b', 'http://c']],
  ['', []],
])('%j is split into %j', (text, urls) => {
  expect(splitUrls(text)).toEqual(urls);
});

test.each(['http://localhost:8222', 'https://nats.example.com', 'http://proxy/nats/1/', 'http://[::1]:8222'])(
  '%s can be used',
  (url) => {
    expect(urlProblem(url)).toBeUndefined();
  }
);

test.each([
  ['', /full address/],
  ['nats-1:8222', /full address/],
  ['//nats-1:8222', /full address/],
  ['nats://nats-1:4222', /not the client port/],
  ['http://', /full address/],
  ['http://user@nats-1:8222', /below Authentication/],
  ['http://user:secret@nats-1:8222', /below Authentication/],
  ['http://nats-1:8222/?acc=A', /follows/],
  ['http://nats-1:8222/#x', /follows/],
])('%s cannot be used', (url, sentence) => {
  expect(urlProblem(url)).toMatch(sentence);
});

test('an address is there once, whatever its last slash', () => {
  expect(urlProblem('http://a/', ['http://a'])).toMatch(/twice/);
  expect(urlProblem('http://a', ['http://b'])).toBeUndefined();
});
