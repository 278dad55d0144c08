import { type ComboboxOption } from '@grafana/ui';
import { isCatalogued, knownValues } from '../query/known';
import { type Filter, type Key } from '../query/model.gen';
import { escapePattern } from '../query/pattern';
import { hasVariable } from '../query/template';
import { t } from '../texts';
import { variableNames } from './options';

/** A list stays right for as long as somebody looks at it. */
const FRESH_FOR = 30_000;

/** More than anybody scrolls through; typing finds the others. */
const MOST_SHOWN = 1_000;

/** Asks when a list opens and not at every key, since the answer does not depend on what is typed. */
export function askedOnce<T>(ask: () => Promise<T>, now = Date.now): (typed: string) => Promise<T> {
  let last: { at: number; answer: Promise<T> } | undefined;
  return (typed) => {
    if (!last || (typed === '' && now() - last.at > FRESH_FOR)) {
      last = { at: now(), answer: ask() };
    }
    return last.answer;
  };
}

/** What a filter's value can be chosen from: what the typed text is found in, and last the text itself. */
export function optionsFor({ key, operator }: Filter, typed: string, seen: string[]): ComboboxOption[] {
  const isPattern = operator.includes('~');
  const found = containing(typed, mergeOptions(key, seen))
    .slice(0, MOST_SHOWN)
    // Seen values are texts, in a pattern as elsewhere; variables become patterns of their own.
    .map((option) =>
      isPattern && !hasVariable(option.value) ? { ...option, value: escapePattern(option.value) } : option
    );
  if (!typed || found.some(({ value }) => value === typed)) {
    return found;
  }
  if (isPattern) {
    return [{ value: typed, label: typed, description: t('suggester.useThisPattern', 'Use this pattern') }, ...found];
  }
  return isCatalogued(key) && !hasVariable(typed)
    ? found
    : [
        ...found,
        { value: typed, label: typed, description: t('suggester.useAsTypedNotSeen', 'Use as typed; not seen so far') },
      ];
}

function mergeOptions(key: Key, seen: string[]): ComboboxOption[] {
  const known = knownValues(key);
  const names = new Set(known.map(({ value }) => value));
  const fresh = seen.filter((value) => value !== '' && !names.has(value));
  return [
    ...fresh.map((value) => ({ value, label: value })),
    ...known.map((one) => ({ ...one, label: one.value })),
    ...variableNames().map((value) => ({ value, label: value, description: t('suggester.variable', 'Variable') })),
  ];
}

function containing(typed: string, options: ComboboxOption[]): ComboboxOption[] {
  const wanted = typed.toLowerCase();
  return options.filter(({ value, description = '' }) => `${value} ${description}`.toLowerCase().includes(wanted));
}
