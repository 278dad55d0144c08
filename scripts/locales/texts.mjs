// Every text of the frontend by its key, in English, with what can be put into it.
import ts from 'typescript';

import { calleeOf, placeOf, textOf, walk } from './source.mjs';

/** Tables whose rows are translated by key, and what their keys begin with. */
const TABLES = {
  TYPE_WORDS: 'type',
  VIEW_WORDS: 'view',
  OPERATOR_WORDS: 'operator',
  COLUMN_WORDS: 'column',
  KEY_WORDS: 'key',
  METRIC_WORDS: 'metric',
  KIND_WORDS: 'kind',
  COMMON: 'example',
  MORE: 'example',
};

/** What of a row is no text: the key itself, and what is asked. */
const NO_TEXT = ['key', 'query'];

/** `{ english, values }` by key; throws where a key stands for two texts, or cannot be read from the source. */
export function textsIn(files) {
  const texts = new Map();
  const add = (key, english, values, node) => {
    const known = texts.get(key);
    if (known && known.english !== english) {
      throw new Error(`${placeOf(node)}: ${key} is “${known.english}” elsewhere`);
    }
    texts.set(key, { english, values: new Set([...(known?.values ?? []), ...values]) });
  };
  for (const file of files) {
    walk(file, (node) => {
      if (calleeOf(node) === 't' && file.fileName !== 'texts.ts') {
        add(...callOf(node), node);
      } else if (calleeOf(node) === 'translated') {
        checkPrefix(node);
      } else if (ts.isVariableDeclaration(node) && TABLES[node.name.getText()] && node.initializer) {
        rowsOf(node.initializer).forEach(([row, part, english]) =>
          add(`${TABLES[node.name.getText()]}.${row}.${part}`, english, [], node)
        );
      }
    });
  }
  return texts;
}

function callOf(node) {
  const [key, english, values] = node.arguments;
  if (textOf(key) === undefined || textOf(english) === undefined) {
    throw new Error(`${placeOf(node)}: key and English are written out, so that translations can be checked`);
  }
  const names = values && ts.isObjectLiteralExpression(values) ? values.properties.map(({ name }) => name?.text) : [];
  return [
    textOf(key),
    textOf(english),
    names.includes(undefined) || isElsewhere(values) ? placeholders(textOf(english)) : names,
  ];
}

/** Values that are made elsewhere: what the English text puts in is known to be there. */
const isElsewhere = (values) => values !== undefined && !ts.isObjectLiteralExpression(values);

/** What a text puts in. */
export const placeholders = (text) => [...text.matchAll(/\{\{(\w+)[^}]*\}\}/g)].map(([, name]) => name);

function checkPrefix(node) {
  const [key] = node.arguments;
  const prefix = ts.isTemplateExpression(key) ? key.head.text.slice(0, -1) : undefined;
  if (!Object.values(TABLES).includes(prefix)) {
    throw new Error(`${placeOf(node)}: no table is known whose keys begin like this`);
  }
}

/** The texts of a table: of an object by its members' names, of a list by its members' keys. */
function rowsOf(table) {
  const rows = ts.isArrayLiteralExpression(table)
    ? table.elements.map((row) => [textOf(memberOf(row, 'key')), row])
    : table.properties.map((property) => [property.name.text, property.initializer]);
  return rows.flatMap(([name, row]) =>
    row.properties
      .filter((part) => !NO_TEXT.includes(part.name.text))
      .map((part) => [name, part.name.text, textOf(part.initializer)])
  );
}

const memberOf = (object, name) => object.properties.find((one) => one.name.text === name)?.initializer;
