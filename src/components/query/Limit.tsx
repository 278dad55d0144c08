import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { CommitInput } from '../CommitInput';
import { defaultLimit, hasRows } from '../../query/defaults';
import { t } from '../../texts';
import { problemAt, type Part } from './part';

/** How many rows or groups at most. */
export function Limit({ id, query, problem, onChange }: Part) {
  const inputId = `${id}-limit`;
  const rows = hasRows(query.view);
  return (
    <EditorField
      label={t('limit.limit', 'Limit')}
      htmlFor={inputId}
      tooltip={
        rows
          ? t('limit.mostRowsANoticeSays', 'Most rows; a notice says when there are more.')
          : t('limit.mostGroupsLargestFirstThe', 'Most groups, largest first; the others are summed up.')
      }
      {...problemAt(problem, 'limit')}
    >
      <CommitInput
        id={inputId}
        type="number"
        min={1}
        width={12}
        value={query.limit?.toString() ?? ''}
        placeholder={defaultLimit(query).toString()}
        onCommit={(text) => onChange({ ...query, limit: text === '' ? undefined : Number(text) })}
      />
    </EditorField>
  );
}
