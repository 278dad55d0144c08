const UNNAMED = '(unnamed)';

// Letters of Kubernetes' generated names: no vowels, no 0, 1 or 3.
const GENERATED = '[bcdfghjklmnpqrstvwxz2456789]';

/** What the backend cuts when no patterns are set. */
export const DEFAULT_APP_PATTERNS = ['-pod-[0-9A-Za-z]+$', `-${GENERATED}{5,10}-${GENERATED}{5}$`, '-[0-9]+$'];

/** Previews the app of a client's name: the first pattern that shortens the name wins. */
export function appOf(name: string, patterns: readonly string[] = DEFAULT_APP_PATTERNS): string {
  if (name.trim() === '') {
    return UNNAMED;
  }
  for (const pattern of patterns) {
    const app = compile(pattern) ? name.replace(new RegExp(pattern, 'g'), '') : name;
    if (app !== name && app.trim() !== '') {
      return app;
    }
  }
  return name;
}

/** Why a pattern cannot be used, as far as the browser can tell; RE2 has no look-around and no back-references. */
export function patternProblem(pattern: string): string | undefined {
  if (/\(\?<?[=!]|\\[1-9]/.test(pattern)) {
    return 'RE2 has no look-around and no back-references.';
  }
  return compile(pattern) ? undefined : 'This is not a regular expression.';
}

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}
