// Texts that people see and no translation can reach.
import ts from 'typescript';

import { calleeOf, placeOf, textOf, walk } from './source.mjs';

/** Properties, of elements and of objects, that people read. */
const READ = [
  'aria-label',
  'children',
  'content',
  'description',
  'group',
  'hint',
  'label',
  'message',
  'placeholder',
  'sentence',
  'text',
  'title',
  'tooltip',
];

/** Examples of what is written into an input are the same in every language. */
const EXAMPLE = /^(\S*:\/\/\S*|-----BEGIN .*|[A-Z_]+…?|\S*\d\S*|\S+\.example\.com)$/;

/** Calls that take a text for a program. */
const FOR_PROGRAMS = ['t', 'css', 'shell'];

/** What is a sentence wherever it stands: two words in a row and a capital or a full stop. */
const SENTENCE = /^[A-Z“][^<>{}]*[a-z’]+ [a-z]|[a-z]+ [a-z]+.*\.$/;

/** Where literal texts stand that people read, each with its text. */
export function literalsIn(files) {
  const found = [];
  for (const file of files) {
    walk(file, (node) => {
      if (isForPrograms(node)) {
        return false;
      }
      const text = ts.isJsxText(node) ? node.text.trim() : literalText(node);
      if (text !== undefined && (ts.isJsxText(node) ? /[A-Za-z]/.test(text) : isRead(node, text))) {
        found.push(`${placeOf(node)}: ${text}`);
      }
      return true;
    });
  }
  return found;
}

/** The words of a literal, without what is put into it. */
function literalText(node) {
  return ts.isTemplateExpression(node)
    ? [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('…')
    : textOf(node);
}

/** Tables are translated by key, and their own test finds what has no translation. */
function isForPrograms(node) {
  const isTable = ts.isVariableDeclaration(node) && /^([A-Z]+_WORDS|COMMON|MORE|REASONS)$/.test(node.name.getText());
  return isTable || ts.isImportDeclaration(node) || ts.isTypeNode(node) || FOR_PROGRAMS.includes(calleeOf(node));
}

function isRead(node, text) {
  const name = propertyOf(node);
  return /[A-Za-z]{2}/.test(text) && ((READ.includes(name) && !EXAMPLE.test(text)) || SENTENCE.test(text));
}

/** The property that a literal is the value of, also as one of two. */
function propertyOf(node) {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent) || isOutcome(parent, node)) {
    return propertyOf(parent);
  }
  if (ts.isJsxExpression(parent)) {
    return ts.isJsxAttribute(parent.parent) ? parent.parent.name.getText() : 'children';
  }
  return ts.isJsxAttribute(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : undefined;
}

/** Whether a choice can end with this literal, rather than be made by it. */
function isOutcome(choice, literal) {
  return (
    (ts.isConditionalExpression(choice) && choice.condition !== literal) ||
    (ts.isBinaryExpression(choice) && /^(&&|\|\||\?\?)$/.test(choice.operatorToken.getText()))
  );
}
