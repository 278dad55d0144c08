/** What benchmarks found, and how it is told: to a terminal, to programs, and to a page of the documentation. */
import fs from 'node:fs';

import { format } from 'prettier';

/** One measured ratio, ours to a reference; lower is better. */
export interface Result {
  name: string;
  ratio: number;
  goal: number;
  pass: boolean;
  note: string;
}

/** What was measured beside goals; the first row is the head. */
export interface Table {
  title: string;
  remark?: string;
  rows: string[][];
}

export interface Report {
  results: Result[];
  tables: Table[];
}

export function compare(name: string, ours: number, reference: number, goal: number, note: string): Result {
  const ratio = ours / reference;
  return { name, ratio, goal, pass: ratio <= goal, note };
}

/** A ratio of two times in milliseconds, both told in its note. */
export const compareTimes = (name: string, ours: number, reference: number, goal: number, remark = ''): Result =>
  compare(name, ours, reference, goal, `${duration(ours)} ÷ ${duration(reference)}${remark}`);

/** Milliseconds for people, in three digits. */
export function duration(ms: number): string {
  const [value, unit] = ms >= 1_000 ? [ms / 1_000, 's'] : ms >= 1 ? [ms, 'ms'] : [ms * 1_000, 'µs'];
  return `${Number(value.toPrecision(3))} ${unit}`;
}

export const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;

export const merged = (reports: Report[]): Report => ({
  results: reports.flatMap(({ results }) => results),
  tables: reports.flatMap(({ tables }) => tables),
});

/** One object a line. */
export const asLines = ({ results }: Report): string =>
  results.map(({ note: _, ...result }) => `${JSON.stringify(result)}\n`).join('');

/** Columns for a terminal. */
export function asText(report: Report): string {
  return tablesOf(report)
    .map(({ title, rows }) => {
      const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
      const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
      return `\n${title}\n${lines.map((line) => line.trimEnd()).join('\n')}\n`;
    })
    .join('');
}

const FROM = '<!-- measured by npm run bench -->';
const TILL = '<!-- end of what was measured -->';

/** Replaces what stands between the markers of a page. */
export async function writeInto(page: string, introduction: string, report: Report): Promise<void> {
  const content = fs.readFileSync(page, 'utf8');
  const [begin, end] = [content.indexOf(FROM), content.indexOf(TILL)];
  if (begin < 0 || end < begin) {
    throw new Error(`${page} lacks the lines "${FROM}" and "${TILL}"`);
  }
  const tables = tablesOf(report).map(markdown).join('\n\n');
  const whole = `${content.slice(0, begin)}${FROM}\n\n${introduction}\n\n${tables}\n\n${content.slice(end)}`;
  fs.writeFileSync(page, await format(whole, { parser: 'markdown', printWidth: 120, proseWrap: 'preserve' }));
}

function markdown({ title, remark, rows: [head = [], ...rows] }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const table = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
  return [`### ${title}`, ...(remark ? [remark] : []), table].join('\n\n');
}

const tablesOf = ({ results, tables }: Report): Table[] => [goals(results), ...tables];

const goals = (results: Result[]): Table => ({
  title: 'Against the goals',
  rows: [
    ['What', 'Ratio', 'Goal', '', 'Measured'],
    ...results.map(({ name, ratio, goal, pass, note }) => [
      name,
      ratio.toFixed(3),
      `≤ ${goal.toFixed(3)}`,
      pass ? 'ok' : 'MISSED',
      note,
    ]),
  ],
});
