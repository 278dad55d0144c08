import React from 'react';
import { AccessoryButton } from '@grafana/plugin-ui';
import { Combobox, FieldValidationMessage, Stack } from '@grafana/ui';
import { type DataSource } from '../../datasource';
import { type Filter, type Key, type Operator, OPERATORS } from '../../query/model.gen';
import { isListOperator } from '../../query/validity';
import { OPERATOR_WORDS } from '../../query/words';
import { HiddenLabel } from '../HiddenLabel';
import { keyOptions } from '../options';
import { FilterValues } from './FilterValues';

interface Props {
  id: string;
  /** Counted from one, for the labels. */
  position: number;
  filter: Filter;
  others: Filter[];
  keys: readonly Key[];
  sentence?: string;
  datasource: DataSource;

  onChange: (filter: Filter) => void;
  onRemove: () => void;
}

const OPERATOR_OPTIONS = OPERATORS.map((value) => ({
  value,
  label: OPERATOR_WORDS[value].label,
  description: OPERATOR_WORDS[value].description,
}));

/** One condition: key, operator, value or values. */
export function FilterRow(props: Props) {
  const { id, position, filter, keys, sentence, onChange, onRemove } = props;
  const changeOperator = (operator: Operator) => {
    const values = isListOperator(operator) ? filter.values : filter.values.slice(0, 1);
    onChange({ ...filter, operator, values });
  };
  return (
    <div role="group" aria-label={`Filter ${position}`}>
      <Stack gap={0.5} wrap="wrap" alignItems="center">
        <HiddenLabel htmlFor={`${id}-key`}>{`Filter ${position} key`}</HiddenLabel>
        <Combobox
          id={`${id}-key`}
          options={keyOptions(keys)}
          value={filter.key}
          createCustomValue
          width={16}
          onChange={({ value }) => onChange({ ...filter, key: value as Key, values: [] })}
        />
        <HiddenLabel htmlFor={`${id}-operator`}>{`Filter ${position} operator`}</HiddenLabel>
        <Combobox
          id={`${id}-operator`}
          options={OPERATOR_OPTIONS}
          value={filter.operator}
          width={10}
          onChange={({ value }) => changeOperator(value)}
        />
        <HiddenLabel htmlFor={`${id}-values`}>{`Filter ${position} value`}</HiddenLabel>
        <FilterValues {...props} id={`${id}-values`} />
        <AccessoryButton
          icon="times"
          variant="secondary"
          type="button"
          aria-label={`Remove filter ${position}`}
          onClick={onRemove}
        />
      </Stack>
      {sentence && <FieldValidationMessage>{sentence}</FieldValidationMessage>}
    </div>
  );
}
