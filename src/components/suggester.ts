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

/** A value that servers told, and how many kept stops have it. */
export interface SeenValue {
  value: string;
  stops?: number;
}

/** What a filter's value can be chosen from: what the typed text is found in, and last the text itself. */
export function optionsFor({ key, operator }: Filter, typed: string, seen: SeenValue[]): ComboboxOption[] {
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

function mergeOptions(key: Key, seen: SeenValue[]): ComboboxOption[] {
  const known = knownValues(key);
  const names = new Set(known.map(({ value }) => value));
  const stops = new Map(seen.map((one) => [one.value, one.stops]));
  const fresh = seen.filter(({ value }) => value !== '' && !names.has(value));
  return [
    ...fresh.map(({ value }) => ({ value, label: value, ...described(counted(stops.get(value))) })),
    ...known.map(({ value, description }) => ({
      value,
      label: value,
      ...described(description, counted(stops.get(value))),
    })),
    ...variableNames().map((value) => ({ value, label: value, description: t('suggester.variable', 'Variable') })),
  ];
}

/** How many stops that are kept have a value; none is no news. */
function counted(stops = 0): string | undefined {
  return stops > 0 ? t('suggester.stops', 'stops: {{stops, number}}', { stops }) : undefined;
}

function described(...parts: Array<string | undefined>): { description?: string } {
  const told = parts.filter(Boolean);
  return told.length > 0 ? { description: told.join(' · ') } : {};
}

function containing(typed: string, options: ComboboxOption[]): ComboboxOption[] {
  const wanted = typed.toLowerCase();
  return options.filter(({ value, description = '' }) => `${value} ${description}`.toLowerCase().includes(wanted));
}
