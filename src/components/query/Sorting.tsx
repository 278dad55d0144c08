import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { Combobox } from '@grafana/ui';
import { effectiveSort } from '../../query/defaults';
import { isTime } from '../../query/summary';
import { columnLabel } from '../../query/words';
import { t } from '../../texts';
import { problemAt, type Part } from './part';

interface Props extends Part {
  columns: string[];
}

function directionsOf(column: string) {
  return [
    {
      value: 'desc',
      label: isTime(column) ? t('sorting.newestFirst', 'Newest first') : t('sorting.largestFirst', 'Largest first'),
    },
    {
      value: 'asc',
      label: isTime(column) ? t('sorting.oldestFirst', 'Oldest first') : t('sorting.smallestFirst', 'Smallest first'),
    },
  ];
}

/** The column and the direction that rows are sorted by; servers stand by name unless a column is chosen. */
export function Sorting({ id, query, problem, onChange, columns }: Props) {
  const sort = effectiveSort(query);
  return (
    <>
      <EditorField label={t('sorting.sortBy', 'Sort by')} htmlFor={`${id}-sort`} {...problemAt(problem, 'sort')}>
        <Combobox
          id={`${id}-sort`}
          options={columns.map((value) => ({ value, label: columnLabel(value) }))}
          value={sort?.by ?? null}
          placeholder={t('sorting.name', 'name')}
          width={20}
          onChange={({ value }) => onChange({ ...query, sort: { desc: sort?.desc ?? true, by: value } })}
        />
      </EditorField>
      {sort && (
        <EditorField label={t('sorting.order', 'Order')} htmlFor={`${id}-order`}>
          <Combobox
            id={`${id}-order`}
            options={directionsOf(sort.by)}
            value={sort.desc ? 'desc' : 'asc'}
            width={18}
            onChange={({ value }) => onChange({ ...query, sort: { ...sort, desc: value === 'desc' } })}
          />
        </EditorField>
      )}
    </>
  );
}
