/** What needs attention, as lines for a terminal. */
import { type Result, type Value } from '../frame';
import { type Question } from './provisioning';
import { type Screen } from './render';

const COLOURS: Record<string, string> = { critical: 'red', warning: 'orange', info: 'blue' };
const DEFAULT_SECONDS = 15 * 60;

export const WHAT_NEEDS_ATTENTION: Question = {
  group: 'Findings',
  title: 'What needs attention',
  queries: [{ refId: 'A', version: 1, queryType: 'findings', view: 'table' }],
  seconds: DEFAULT_SECONDS,
  isAlert: false,
};

/** A paragraph for each finding: how bad it is, what is the matter, what to do. */
export function findingLines({ error, frames = [] }: Result, { width, paint }: Screen): string[] {
  const [frame] = frames;
  if (error || !frame) {
    return [paint(error ?? 'no answer', 'red')];
  }
  const names = frame.schema.fields.map(({ name }) => name);
  const count = frame.data.values[0]?.length ?? 0;
  const lines = Array.from({ length: count }, (_, row) => {
    const cell = (name: string) => text(frame.data.values[names.indexOf(name)]?.[row]);
    const severity = cell('severity');
    return [
      paint(`${severity.toUpperCase().padEnd(8)}  ${cell('id')} (${cell('state')})`, COLOURS[severity]),
      ...wrapped(cell('finding'), width),
      ...wrapped(cell('remedy'), width).map((line) => paint(line, 'grey')),
      '',
    ];
  });
  return count === 0 ? ['nothing'] : lines.flat();
}

const text = (value: Value | undefined): string =>
  value === null || value === undefined || typeof value === 'object' ? '' : String(value);

const INDENT = ' '.repeat(10);

/** Breaks at spaces. */
function wrapped(sentence: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(/\s+/).filter(Boolean)) {
    if (line && INDENT.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line ? `${line} ${word}` : word;
  }
  return [...lines, ...(line ? [line] : [])].map((one) => INDENT + one);
}
