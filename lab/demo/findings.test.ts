import { painter } from './colour';
import { findingLines } from './findings';

const screen = { width: 40, paint: painter(false) };
const fields = ['id', 'severity', 'state', 'finding', 'remedy'].map((name) => ({ name }));
const table = (...rows: string[][]) => ({
  frames: [{ schema: { fields }, data: { values: fields.map((_, i) => rows.map((row) => row[i] ?? null)) } }],
});

it('tells each finding in a paragraph of the terminal’s width', () => {
  const row = ['churn', 'warning', 'firing', 'cart opened 240 connections in 3 seconds', 'Keep one connection'];
  expect(findingLines(table(row), screen)).toEqual([
    'WARNING   churn (firing)',
    '          cart opened 240 connections in',
    '          3 seconds',
    '          Keep one connection',
    '',
  ]);
});

it('says that there is none, and why it cannot say', () => {
  expect(findingLines(table(), screen)).toEqual(['nothing']);
  expect(findingLines({ error: 'No server is configured.' }, screen)).toEqual(['No server is configured.']);
});
