import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { Combobox } from '@grafana/ui';
import { problemAt, type Part } from './part';

interface Props extends Part {
  columns: string[];
}

function directionsOf(column: string) {
  const isTime = column === 'time' || column === 'last_seen';
  return [
    { value: 'desc', label: isTime ? 'Newest first' : 'Largest first' },
    { value: 'asc', label: isTime ? 'Oldest first' : 'Smallest first' },
  ];
}

/** The column and the direction that rows are sorted by. */
export function Sorting({ id, query, problem, onChange, columns }: Props) {
  const fallback = query.view === 'table' && query.queryType !== 'servers' ? query.metric : undefined;
  const sort = query.sort ?? { by: fallback ?? columns[0], desc: true };
  return (
    <>
      <EditorField label="Sort by" htmlFor={`${id}-sort`} {...problemAt(problem, 'sort')}>
        <Combobox
          id={`${id}-sort`}
          options={columns.map((value) => ({ value, label: value }))}
          value={sort.by}
          width={20}
          onChange={({ value }) => onChange({ ...query, sort: { ...sort, by: value } })}
        />
      </EditorField>
      <EditorField label="Order" htmlFor={`${id}-order`}>
        <Combobox
          id={`${id}-order`}
          options={directionsOf(sort.by)}
          value={sort.desc ? 'desc' : 'asc'}
          width={18}
          onChange={({ value }) => onChange({ ...query, sort: { ...sort, desc: value === 'desc' } })}
        />
      </EditorField>
    </>
  );
}
