const SPECIAL = /[\\^$.*+?()[\]{}|]/g;

/** The pattern that matches this text only. */
export function escapePattern(text: string): string {
  return text.replace(SPECIAL, '\\$&');
}

/** One pattern for any of several. */
export function anyOf(patterns: string[]): string {
  return patterns.length === 1 ? patterns[0] : `(${patterns.join('|')})`;
}

/** Whether the pattern matches every text there is. */
export function matchesAll(pattern: string): boolean {
  return /^\^?\(?(\.\*|\.\+)\)?\$?$/.test(pattern);
}

/** Whether a text means more than itself as a pattern. */
export function isSpecial(text: string): boolean {
  return /[\\^$*+?()[\]{}|]/.test(text);
}
