import { type Query } from './model.gen';
import { hasFilter, toggleFilter } from './toggle';

const query: Query = { version: 1, queryType: 'stops', view: 'logs' };
const is = (value: string) => ({ key: 'account', operator: '=', values: [value] });

test('a value is filtered for, against, and taken back', () => {
  const only = toggleFilter(query, '=', 'account', 'A');
  expect(only.filters).toEqual([is('A')]);
  expect([hasFilter(only, 'account', 'A'), hasFilter(only, 'account', 'B'), hasFilter(query, 'account', 'A')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(toggleFilter(only, '!=', 'account', 'A').filters).toEqual([{ ...is('A'), operator: '!=' }]);
  expect(toggleFilter(only, '=', 'account', 'A').filters).toEqual([]);
});

test('other filters stay', () => {
  const filters = [is('A'), { key: 'server', operator: '=|', values: ['n1', 'n2'] }] as Query['filters'];
  expect(toggleFilter({ ...query, filters }, '=', 'app', 'x').filters).toHaveLength(3);
});

test('what is no key changes nothing', () => {
  expect(toggleFilter(query, '=', 'duration', '3s')).toBe(query);
});

test('a name that reads as a variable is meant literally, and found again', () => {
  const only = toggleFilter(query, '=', 'name', '${boom}');
  expect(only.filters).toEqual([{ key: 'name', operator: '=~', values: ['\\$\\{boom\\}'] }]);
  expect(hasFilter(only, 'name', '${boom}')).toBe(true);
});
