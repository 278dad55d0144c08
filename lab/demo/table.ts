/** Tables, bars and sparklines of text. Pure: text in, lines out. */
import { type Paint } from './colour';

export interface Cell {
  text: string;
  colour?: string;
  /** Numbers stand at the right. */
  right?: boolean;
}

const GAP = '  ';
const BLOCKS = '▁▂▃▄▅▆▇█';
const BAR = 24;
/** Names are not cut shorter than this. */
const NARROWEST = 6;

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

/** The widest that a column gets when there are many. */
const WIDE = 36;

/** Aligns columns; those at the right that do not fit into the width are left out, and told. */
export function tableLines(header: string[], rows: Cell[][], width: number, paint: Paint): string[] {
  const widths = header.map((name, i) =>
    Math.min(WIDE, Math.max(name.length, ...rows.map((row) => row[i]?.text.length ?? 0)))
  );
  const count = fitting(widths, width);
  const left = header.length - count;
  const right = header.map((_, i) => rows.some((row) => row[i]?.right));
  const aligned = ({ text, colour }: Cell, i: number): string => {
    const room = widths[i] ?? text.length;
    return paint(right[i] ? cut(text, room).padStart(room) : cut(text, room).padEnd(room), colour);
  };
  const line = (cells: Cell[]) => cells.slice(0, count).map(aligned).join(GAP);
  const head = line(header.map((text) => ({ text, colour: 'grey' })));
  const missing = left > 0 ? GAP + paint(`+${left}`, 'grey') : '';
  return [head + missing, ...rows.map(line)].map((text) => text.trimEnd());
}

/** How many columns, from the left, fit; the first always does. */
function fitting(widths: number[], room: number): number {
  let used = 0;
  const tooFar = widths.findIndex((width, i) => {
    used += width + GAP.length;
    return i > 0 && used > room;
  });
  return tooFar < 0 ? widths.length : tooFar;
}

export interface Bar {
  name: string;
  value: number;
  shown: string;
  colour?: string;
}

/** One line a bar, longest value first reaching the full length. */
export function barLines(bars: Bar[], width: number, paint: Paint): string[] {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const shownWidth = Math.max(0, ...bars.map(({ shown }) => shown.length));
  const nameWidth = Math.min(
    Math.max(0, ...bars.map(({ name }) => name.length)),
    Math.max(NARROWEST, width - BAR - shownWidth - 2 * GAP.length)
  );
  return bars.map(({ name, value, shown, colour }) => {
    const length = value > 0 ? Math.max(1, Math.round((value / most) * BAR)) : 0;
    const bar = paint('█'.repeat(length), colour) + ' '.repeat(BAR - length);
    return `${cut(name, nameWidth).padEnd(nameWidth)}${GAP}${bar}${GAP}${shown.padStart(shownWidth)}`;
  });
}

/** A series as one row of blocks, at most `width` of them; each stands for the sum of its part. */
export function sparkline(values: number[], width: number): string {
  const size = Math.max(1, Math.ceil(values.length / width));
  const sums: number[] = [];
  for (let i = 0; i < values.length; i += size) {
    sums.push(values.slice(i, i + size).reduce((sum, value) => sum + value, 0));
  }
  const most = Math.max(0, ...sums);
  return sums
    .map((sum) =>
      sum > 0 ? (BLOCKS[Math.min(BLOCKS.length - 1, Math.floor((sum / most) * BLOCKS.length))] ?? '') : ' '
    )
    .join('');
}
