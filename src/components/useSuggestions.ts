import { useMemo, useState } from 'react';
import { type ComboboxOption } from '@grafana/ui';
import { type DataSource } from '../datasource';
import { type Filter } from '../query/model.gen';
import { askedOnce, optionsFor } from './suggester';

/** The options to choose a filter's value from, and why the servers' own are missing, if they are. */
export function useSuggestions(datasource: DataSource, { key, operator }: Filter, others: Filter[]) {
  const [failure, setFailure] = useState<string>();
  const narrowedBy = JSON.stringify(others);
  const seen = useMemo(
    () =>
      askedOnce(async () => {
        try {
          const values = await datasource.values(key, JSON.parse(narrowedBy));
          setFailure(undefined);
          return values.map(({ value, text, stops }) => ({ value: String(value ?? text), stops }));
        } catch (error) {
          setFailure(error instanceof Error ? error.message : String(error));
          return [];
        }
      }),
    [datasource, key, narrowedBy]
  );
  const load = useMemo(
    () =>
      async (typed: string): Promise<ComboboxOption[]> =>
        optionsFor({ key, operator, values: [] }, typed, await seen(typed)),
    [key, operator, seen]
  );
  return { load, failure };
}
