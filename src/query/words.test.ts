import { SPECS } from './model.gen';
import { columnLabel } from './words';

test('every column to sort by is called by a name for people', () => {
  const columns = Object.values(SPECS).flatMap(({ sorts }) => Object.values(sorts ?? {}).flat());
  expect(columns.length).toBeGreaterThan(20);
  expect(columns.filter((column) => columnLabel(column) === column)).toEqual([]);
});
