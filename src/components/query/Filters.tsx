import React from 'react';
import { AccessoryButton, EditorField } from '@grafana/plugin-ui';
import { Stack } from '@grafana/ui';
import { type DataSource } from '../../datasource';
import { type Filter, type Key } from '../../query/model.gen';
import { FilterRow } from './FilterRow';
import { type Part } from './part';

interface Props extends Part {
  keys: readonly Key[];
  datasource: DataSource;
}

/** The conditions that all hold for what is counted or listed. */
export function Filters({ id, query, problem, onChange, keys, datasource }: Props) {
  const filters = query.filters ?? [];
  const change = (next: Filter[]) => onChange({ ...query, filters: next });
  const add = () => {
    const key = keys.find((candidate) => !filters.some((filter) => filter.key === candidate)) ?? keys[0];
    change([...filters, { key, operator: '=', values: [] }]);
  };
  return (
    <EditorField
      label="Filters"
      width="100%"
      tooltip="All must hold. Values are what the servers have shown; any can be typed."
    >
      <Stack direction="column" gap={1} alignItems="flex-start">
        {filters.map((filter, index) => (
          <FilterRow
            key={index}
            id={`${id}-filter-${index}`}
            position={index + 1}
            filter={filter}
            others={filters.filter((other) => other !== filter && other.values?.length)}
            keys={keys}
            sentence={problem?.field === `filters[${index}]` ? problem.sentence : undefined}
            datasource={datasource}
            onChange={(next) => change(filters.map((other) => (other === filter ? next : other)))}
            onRemove={() => change(filters.filter((other) => other !== filter))}
          />
        ))}
        <AccessoryButton icon="plus" variant="secondary" size="sm" type="button" onClick={add}>
          Add filter
        </AccessoryButton>
      </Stack>
    </EditorField>
  );
}
