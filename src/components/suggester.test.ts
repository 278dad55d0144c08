import { type Filter } from '../query/model.gen';
import { askedOnce, optionsFor } from './suggester';

jest.mock('@grafana/runtime', () => ({ getTemplateSrv: () => ({ getVariables: () => [{ name: 'account' }] }) }));

const options = (part: Partial<Filter>, typed: string, seen: string[] = []) =>
  optionsFor({ key: 'account', operator: '=', values: [], ...part }, typed, named(seen)).map(({ value }) => value);

const named = (values: string[]) => values.map((value) => ({ value }));

test('seven keys ask once, and a list that opens later asks again', async () => {
  let time = 0;
  const ask = jest.fn().mockResolvedValue(['a']);
  const load = askedOnce(ask, () => time);
  for (const typed of ['', 'b', 'bi', 'bil', 'bill', 'billi', 'billin', '']) {
    await load(typed);
  }
  expect(ask).toHaveBeenCalledTimes(1);
  time = 31_000;
  await load('b');
  expect(ask).toHaveBeenCalledTimes(1);
  await load('');
  expect(ask).toHaveBeenCalledTimes(2);
});

test('what is typed stands last, behind all that it is found in', () => {
  expect(options({}, 'bill', ['billing', 'orders'])).toEqual(['billing', 'bill']);
  expect(options({ key: 'reason' }, 'slow')[0]).toBe('Slow Consumer (Pending Bytes)');
  expect(options({ key: 'reason' }, 'slow').at(-1)).toBe('slow');
  expect(options({}, 'billing', ['billing'])).toEqual(['billing']);
});

test('nothing can be typed where every value is known, but variables', () => {
  expect(options({ key: 'severity' }, 'crit')).toEqual(['critical']);
  expect(options({ key: 'severity' }, '$level')).toEqual(['$level']);
});

test('a pattern is what is typed, and what is chosen is escaped', () => {
  expect(options({ operator: '=~' }, 'bill', ['billing.eu'])).toEqual(['bill', 'billing\\.eu']);
  expect(options({ operator: '=~' }, '', ['a.b'])).toEqual(['a\\.b', '$account']);
});

test('what is offered says how many stops it has, and the value stays the value', () => {
  const seen = [
    { value: 'billing', stops: 1_320 },
    { value: 'idle', stops: 0 },
  ];
  expect(optionsFor({ key: 'account', operator: '=', values: [] }, 'i', seen).slice(0, 2)).toEqual([
    { value: 'billing', label: 'billing', description: 'stops: 1,320' },
    { value: 'idle', label: 'idle' },
  ]);
  const read = optionsFor({ key: 'reason', operator: '=', values: [] }, 'read', [{ value: 'Read Error', stops: 7 }]);
  expect(read[0]).toMatchObject({ value: 'Read Error', description: expect.stringMatching(/unexpected · stops: 7$/) });
});

test('the last of very many is found', () => {
  const seen = Array.from({ length: 1_500 }, (_, i) => `app-${i}`);
  expect(options({}, '', seen)).toHaveLength(1_000);
  expect(options({}, 'app-1499', seen)).toEqual(['app-1499']);
});
