import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { MultiCombobox } from '@grafana/ui';
import { type Key, SPECS } from '../../query/model.gen';
import { keyOptions } from '../options';
import { problemAt, type Part } from './part';

/** The dimensions that make one series or row each. */
export function GroupBy({ id, query, problem, onChange }: Part) {
  const inputId = `${id}-group-by`;
  return (
    <EditorField
      label="Group by"
      htmlFor={inputId}
      width={44}
      tooltip="One series or row for each combination of values; empty means one number for all."
      {...problemAt(problem, 'groupBy')}
    >
      <MultiCombobox<string>
        id={inputId}
        options={keyOptions(SPECS[query.queryType].keys)}
        value={query.groupBy}
        placeholder="Everything together"
        onChange={(chosen) => onChange({ ...query, groupBy: chosen.map(({ value }) => value as Key) })}
      />
    </EditorField>
  );
}
