import { type NatsOptions } from '../types';
import { type Reach, reachBy, reachOf, setAside } from './reach';

const urls = ['http://n1:8222'];
const servers = ['nats://n1:4222'];

test.each<[Reach, NatsOptions]>([
  ['http', {}],
  ['http', { urls }],
  ['http', { urls, nats: {} }],
  ['http', { nats: { auth: 'user', user: 'grafana' } }],
  ['system', { nats: { servers } }],
  ['system', { nats: { servers, scope: 'system' } }],
  ['system', { nats: { servers: [] } }],
  ['both', { urls, nats: { servers } }],
  ['account', { nats: { servers, scope: 'account' } }],
])('%s: %j', (reach, options) => {
  expect(reachOf(options)).toBe(reach);
});

/** The settings as they are stored after the choices, one after the other. */
function stored(options: NatsOptions, ...choices: Reach[]): unknown {
  let aside = {};
  let settings = options;
  for (const choice of choices) {
    aside = setAside(settings, aside);
    settings = { ...settings, ...reachBy(choice, settings, aside) };
    expect(reachOf(settings)).toBe(choice);
  }
  return JSON.parse(JSON.stringify(settings));
}

test('a choice leaves nothing that contradicts it', () => {
  const options: NatsOptions = { urls, nats: { servers, scope: 'system' }, timeout: 5 };
  expect(stored(options, 'http')).toEqual({ urls, timeout: 5 });
  expect(stored(options, 'system')).toEqual({ nats: { servers }, timeout: 5 });
  expect(stored(options, 'both')).toEqual({ urls, nats: { servers }, timeout: 5 });
  expect(stored(options, 'account')).toEqual({ nats: { servers, scope: 'account' }, timeout: 5 });
});

test('what was written is there again after changing back', () => {
  expect(stored({ urls }, 'system', 'http')).toEqual({ urls, nats: { auth: 'credentials' } });
  expect(stored({ urls, nats: { servers, auth: 'user', user: 'me' } }, 'http', 'account', 'both')).toEqual({
    urls,
    nats: { servers, auth: 'user', user: 'me' },
  });
});

test('a login begins as most have it, and is not imposed on servers that need none', () => {
  expect(stored({}, 'system')).toEqual({ nats: { servers: [], auth: 'credentials' } });
  expect(stored({ nats: { servers } }, 'both')).toEqual({ urls: [], nats: { servers } });
});

test('members that a newer version wrote stay', () => {
  const newer = { urls, future: 1, nats: { servers, future: { on: true } } };
  expect(stored(newer, 'account', 'http', 'system')).toMatchObject({ future: 1, nats: { future: { on: true } } });
});
