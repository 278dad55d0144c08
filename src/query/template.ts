import { type ScopedVars } from '@grafana/data';
import { type TemplateSrv } from '@grafana/runtime';

/** How variables are replaced; Grafana's template service, or a table in tests. */
export type Replace = TemplateSrv['replace'];

/** What stands in a text: itself, the values of a variable, or a custom “All”, which Grafana puts in as it is. */
export type Piece = { literal: string } | { values: string[] } | { custom: string };

// $x, [[x]], [[x:format]], ${x}, ${x.field}, ${x:format}
const VARIABLE = /\$\w+|\[\[\w+(?::\w+)?\]\]|\$\{\w+(?:\.[^:}]+)?(?::[^}]+)?\}/g;

/** Whether the text holds a variable, known or not. */
export function hasVariable(text: string): boolean {
  return text.search(VARIABLE) >= 0;
}

/** Takes a text apart at its variables. Those that nobody knows stay, for the backend to say so. */
export function piecesOf(text: string, replace: Replace, scopedVars: ScopedVars): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: spelling, index } of text.matchAll(VARIABLE)) {
    pieces.push({ literal: text.slice(end, index) }, valueOf(spelling, replace, scopedVars));
    end = index + spelling.length;
  }
  pieces.push({ literal: text.slice(end) });
  return pieces.filter((piece) => !('literal' in piece) || piece.literal !== '');
}

function valueOf(spelling: string, replace: Replace, scopedVars: ScopedVars): Piece {
  const asked = withoutFormat(spelling);
  let values: string[] | undefined;
  const replaced = replace(asked, scopedVars, (value: unknown) => {
    values = (Array.isArray(value) ? value : [value]).map(String);
    return '';
  });
  if (values) {
    return { values };
  }
  // Only a custom “All” is put in without asking for its format; nothing at all is a variable without a value.
  return replaced === asked ? { literal: spelling } : replaced === '' ? { values: [] } : { custom: replaced };
}

/** A format in the text would win over the values. Grafana's own variables, such as ${__from:date}, mean theirs. */
function withoutFormat(spelling: string): string {
  return /^.{1,2}__/.test(spelling) ? spelling : spelling.replace(/:[^}\]]+(?=[}\]])/, '');
}

/** The text with several values joined, so that where one is wanted the backend's sentence can name them. */
export function joinedText(pieces: Piece[]): string {
  return pieces.map((piece) => ('values' in piece ? piece.values.join(',') : textOf(piece))).join('');
}

/** Every text that the values make of this one: prefix-$x with two values becomes two texts. */
export function everyText(pieces: Piece[]): string[] {
  return pieces.reduce<string[]>(
    (heads, piece) => {
      const choices = 'values' in piece ? piece.values : [textOf(piece)];
      return heads.flatMap((head) => choices.map((choice) => head + choice));
    },
    ['']
  );
}

function textOf(piece: { literal: string } | { custom: string }): string {
  return 'literal' in piece ? piece.literal : piece.custom;
}
