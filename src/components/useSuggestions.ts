import { useCallback, useState } from 'react';
import { type TimeRange } from '@grafana/data';
import { type ComboboxOption } from '@grafana/ui';
import { type DataSource } from '../datasource';
import { knownValues } from '../query/known';
import { type Filter, type Key } from '../query/model.gen';
import { variableNames } from './options';

/** The options to choose a key's value from, and why the servers' own are missing, if they are. */
export function useSuggestions(datasource: DataSource, key: Key, others: Filter[], range?: TimeRange) {
  const [failure, setFailure] = useState<string>();
  const load = useCallback(
    async (typed: string): Promise<ComboboxOption[]> => {
      let seen: string[] = [];
      try {
        const found = await datasource.values(key, others, range);
        seen = found.map(({ value, text }) => String(value ?? text));
        setFailure(undefined);
      } catch (error) {
        setFailure(error instanceof Error ? error.message : String(error));
      }
      return containing(typed, mergeOptions(key, seen));
    },
    [datasource, key, others, range]
  );
  return { load, failure };
}

function mergeOptions(key: Key, seen: string[]): ComboboxOption[] {
  const known = knownValues(key);
  const fresh = seen.filter((value) => value !== '' && !known.some((one) => one.value === value));
  return [
    ...fresh.map((value) => ({ value, label: value })),
    ...known.map((one) => ({ ...one, label: one.value })),
    ...variableNames().map((value) => ({ value, label: value, description: 'Variable' })),
  ];
}

function containing(typed: string, options: ComboboxOption[]): ComboboxOption[] {
  const wanted = typed.toLowerCase();
  return options.filter(({ value, description = '' }) => `${value} ${description}`.toLowerCase().includes(wanted));
}
