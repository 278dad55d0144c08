// The frontend's source as syntax trees, for what looks at its texts.
import fs from 'node:fs';
import path from 'node:path';

import ts from 'typescript';

import { ROOT } from '../lib.mjs';

const SRC = path.join(ROOT, 'src');

/** Every file of the frontend that people run, by its path within src. */
export function sources() {
  const files = fs.readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|^testing\//.test(file))
    .sort()
    .map((file) => parse(file, fs.readFileSync(path.join(SRC, file), 'utf8')));
}

export const parse = (file, text) =>
  ts.createSourceFile(file.split(path.sep).join('/'), text, ts.ScriptTarget.Latest, true);

/** Calls `look` for a node and all within it; what `look` answers with false is not entered. */
export function walk(node, look) {
  if (look(node) !== false) {
    ts.forEachChild(node, (child) => walk(child, look));
  }
}

/** The name of the function that a node calls. */
export const calleeOf = (node) =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) ? node.expression.text : undefined;

/** What a text in the source is, whatever its quotes; undefined for what is no plain text. */
export const textOf = (node) => (node && ts.isStringLiteralLike(node) ? node.text : undefined);

/** Where a node stands, for a message. */
export function placeOf(node) {
  const file = node.getSourceFile();
  return `src/${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
