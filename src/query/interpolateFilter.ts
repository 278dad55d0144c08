import { type Filter, type Key, type Operator } from './model.gen';
import { anyOf, escapePattern, isSpecial, matchesAll } from './pattern';
import { everyText, joinedText, type Piece } from './template';

type Take = (text: string) => Piece[];

/** The operator that says with a pattern what this one says with values. */
const AS_PATTERN: Partial<Record<Operator, Operator>> = {
  '=': '=~',
  '=|': '=~',
  '!=': '!~',
  '!=|': '!~',
  '=~': '=~',
  '!~': '!~',
};

/** The filter with its variables' values; none if they stand for everything, which filters nothing. */
export function interpolateFilter(filter: Filter, take: Take): Filter[] {
  if (!isFilter(filter)) {
    return [filter];
  }
  const key = joinedText(take(filter.key)) as Key;
  const operator = joinedText(take(filter.operator)) as Operator;
  const values = filter.values.map((value) => take(String(value)));
  if (!values.flat().some(isReplaced)) {
    return [{ ...filter, key, operator, values: values.map(joinedText) }];
  }
  if (values.some(isEverything) || values.every(isNothing)) {
    return [];
  }
  const chosen = values.filter((pieces) => !isNothing(pieces));
  if (operator === '=~' || operator === '!~') {
    return [{ key, operator, values: chosen.map((pieces) => patternOf(pieces, asIs)) }];
  }
  const texts = [...new Set(chosen.flatMap(everyText))];
  const patterns = chosen.map((pieces) => patternOf(pieces, escapePattern));
  if (chosen.flat().some((piece) => 'custom' in piece && isSpecial(piece.custom))) {
    return [{ key, operator: AS_PATTERN[operator] ?? operator, values: [anyOf(patterns)] }];
  }
  return [literalFilter({ key, operator: texts.length > 1 ? severalOf(operator) : operator, values: texts })];
}

function isFilter(filter: unknown): filter is Filter {
  const { key, operator, values } = (filter ?? {}) as Partial<Filter>;
  const isText = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  return typeof key === 'string' && typeof operator === 'string' && Array.isArray(values) && values.every(isText);
}

function isReplaced(piece: Piece): boolean {
  return !('literal' in piece);
}

/** A custom “All” such as .* on its own. */
function isEverything(pieces: Piece[]): boolean {
  const [only] = pieces;
  return pieces.length === 1 && 'custom' in only && matchesAll(only.custom);
}

/** “All” of no options yet, or a variable without a value: nothing was chosen to filter by. */
function isNothing(pieces: Piece[]): boolean {
  const isEmpty = (piece: Piece) => 'values' in piece && piece.values.length === 0;
  const [only] = pieces;
  return (
    pieces.some(isEmpty) || (pieces.length === 1 && 'values' in only && only.values.every((value) => value === ''))
  );
}

/** “is” with several values can only mean “is one of”. */
function severalOf(operator: Operator): Operator {
  return operator === '=' ? '=|' : operator === '!=' ? '!=|' : operator;
}

const asIs = (text: string) => text;

/** A pattern of the pieces, of which a custom “All” is one and values are none; what is written may be either. */
function patternOf(pieces: Piece[], written: (text: string) => string): string {
  const patterns = pieces.map((piece) => {
    if ('values' in piece) {
      return anyOf(piece.values.map(escapePattern));
    }
    if ('literal' in piece) {
      return written(piece.literal);
    }
    return pieces.length > 1 ? `(${piece.custom})` : piece.custom;
  });
  return patterns.join('');
}

// What the backend takes for a variable that nobody replaced.
const LOOKS_LIKE_VARIABLE = /^\$[A-Za-z_]\w*$|\$\{\w+[^{}]*\}|\[\[\w+(?::\w+)?\]\]/;
const SYSTEM_ACCOUNTS = ['$G', '$SYS'];

/** Says with a pattern what is meant literally but reads as a variable: clients may call themselves ${x}. */
export function literalFilter(filter: Filter): Filter {
  const reads = (value: string) => LOOKS_LIKE_VARIABLE.test(value) && !SYSTEM_ACCOUNTS.includes(value);
  const operator = AS_PATTERN[filter.operator];
  if (!operator || operator === filter.operator || !filter.values.some(reads)) {
    return filter;
  }
  return { ...filter, operator, values: [anyOf(filter.values.map(escapePattern))] };
}
