import { type NatsOptions } from '../types';
import { asMeant } from './meant';

const urls = ['http://n1:8222', 'http://n2:8222'];

/** What tools write has other types than the page's own settings. */
const meant = (written: object, url?: string): unknown => JSON.parse(JSON.stringify(asMeant(written, url)));

test('texts stand for lists, numbers and switches', () => {
  expect(
    meant({ urls: urls.join(','), timeout: '5', resolveAll: 'True', tlsAuth: 1, appPatterns: '-x$\n-y{1,2}$\n' })
  ).toEqual({ urls, timeout: 5, resolveAll: true, tlsAuth: true, appPatterns: ['-x$', '-y{1,2}$'] });
  expect(meant({ nats: { servers: 'nats://n1 nats://n2', user: 7, tlsSkipVerify: 'false' } })).toEqual({
    nats: { servers: ['nats://n1', 'nats://n2'], user: '7', tlsSkipVerify: false },
  });
});

test('a list may be JSON', () => {
  expect(meant({ urls: JSON.stringify(urls), appPatterns: '["-x, y$"]' })).toEqual({ urls, appPatterns: ['-x, y$'] });
  expect(meant({ appPatterns: '[0-9]+$' })).toEqual({ appPatterns: ['[0-9]+$'] });
});

test('nothing stands for what is absent', () => {
  const nothing = { urls: '', timeout: '', syncEvery: '', resolveAll: null, classOverrides: '' };
  expect(meant({ ...nothing, nats: { scope: '', servers: '' } })).toEqual({ nats: {} });
  expect(meant({ nats: '' })).toEqual({});
});

test('several addresses in one entry are several, and rows that are being written stay', () => {
  expect(meant({ urls: [`${urls.join(', ')}`] })).toEqual({ urls });
  const writing = { urls: ['http://n1:8222', '', 'http://n2 '], appPatterns: ['', 'a b'] };
  expect(meant(writing)).toEqual(writing);
});

test('what the page wrote, or a newer version, is as it was', () => {
  const own: NatsOptions = {
    version: 1,
    urls,
    classOverrides: { Kicked: 'unexpected' },
    nats: { servers: ['nats://n1'], auth: 'user', user: 'me', inboxPrefix: '_INBOX_x' },
    syncEvery: '5s',
  };
  expect(asMeant(own)).toEqual(own);
  expect(meant({ future: '1', nats: { future: 'true' } })).toEqual({ future: '1', nats: { future: 'true' } });
});

test('the address beside jsonData is used if there is no other', () => {
  expect(meant({}, 'http://n1:8222')).toEqual({ urls: ['http://n1:8222'] });
  expect(meant({ urls: [] }, 'http://n1:8222')).toEqual({ urls: ['http://n1:8222'] });
  expect(meant({ urls }, 'http://n3:8222')).toEqual({ urls });
  expect(meant({ nats: { servers: ['nats://n1'] } }, 'http://n3:8222')).toEqual({ nats: { servers: ['nats://n1'] } });
});
