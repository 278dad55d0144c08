import React, { useState } from 'react';
import { AccessoryButton, EditorField } from '@grafana/plugin-ui';
import { Stack } from '@grafana/ui';
import { type DataSource } from '../../datasource';
import { type Filter, type Key } from '../../query/model.gen';
import { isComplete, sentenceOf } from '../../query/validity';
import { t } from '../../texts';
import { useFocus } from '../useFocus';
import { FilterRow } from './FilterRow';
import { type Part } from './part';

interface Props extends Part {
  keys: readonly Key[];
  datasource: DataSource;
}

/** The conditions that all hold. A row without a value is not part of the query yet, so it disturbs nothing. */
export function Filters({ id, query, onChange, keys, datasource }: Props) {
  const stored = query.filters ?? [];
  const [drafts, setDrafts] = useState(stored);
  const focus = useFocus();
  // What somebody else changed, such as an example or the JSON, wins over what was begun here.
  const rows = same(drafts.filter(isComplete), stored) ? drafts : stored;

  const change = (next: Filter[]) => {
    setDrafts(next);
    const complete = next.filter(isComplete);
    if (!same(complete, stored)) {
      onChange({ ...query, filters: complete });
    }
  };
  const add = () => {
    const key = keys.find((candidate) => !rows.some((row) => row.key === candidate)) ?? keys[0];
    change([...rows, { key, operator: '=', values: [] }]);
    focus(`${id}-filter-${rows.length}-values`);
  };
  const remove = (index: number) => {
    change(rows.filter((_, other) => other !== index));
    focus(rows.length > 1 ? `${id}-filter-${Math.max(0, index - 1)}-remove` : `${id}-add`);
  };

  return (
    <EditorField
      label={t('filters.filters', 'Filters')}
      width="100%"
      tooltip={t(
        'filters.allMustHoldValuesAre',
        'All must hold. Values are what the servers have shown; any can be typed.'
      )}
    >
      <Stack direction="column" gap={1} alignItems="stretch">
        {rows.map((filter, index) => (
          <FilterRow
            key={index}
            id={`${id}-filter-${index}`}
            position={index + 1}
            filter={filter}
            others={rows.filter((other, at) => at !== index && isComplete(other))}
            keys={keys}
            sentence={
              isComplete(filter) || rows === stored ? sentenceOf(filter, query.queryType, query.view) : undefined
            }
            datasource={datasource}
            onChange={(next) => change(rows.map((row, at) => (at === index ? next : row)))}
            onNext={() => focus(`${id}-filter-${index}-values`)}
            onRemove={() => remove(index)}
          />
        ))}
        <div>
          <AccessoryButton id={`${id}-add`} icon="plus" variant="secondary" size="sm" type="button" onClick={add}>
            {t('filters.addFilter', 'Add filter')}
          </AccessoryButton>
        </div>
      </Stack>
    </EditorField>
  );
}

function same(some: Filter[], others: Filter[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}
