import { DEFAULT_APP_PATTERNS } from '../query/model.gen';
import { t } from '../texts';

const UNNAMED = '(unnamed)';

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
    return t('apps.re2HasNoLookAround', 'RE2 has no look-around and no back-references.');
  }
  return compile(pattern) ? undefined : t('apps.thisIsNotARegular', 'This is not a regular expression.');
}

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}
