import React, { useRef } from 'react';
import { Combobox, MultiCombobox, Text } from '@grafana/ui';
import { type DataSource } from '../../datasource';
import { type Filter } from '../../query/model.gen';
import { isListOperator } from '../../query/validity';
import { t } from '../../texts';
import { useSuggestions } from '../useSuggestions';

interface Props {
  id: string;
  filter: Filter;
  others: Filter[];
  sentence?: string;
  datasource: DataSource;
  onChange: (filter: Filter) => void;
}

/** One value or several, suggested by what the servers show; what is typed can be chosen, too, behind what it found. */
export function FilterValues({ id, filter, others, sentence, datasource, onChange }: Props) {
  const { load, failure } = useSuggestions(datasource, filter, others);
  const listed = useRef('');
  const options = async (typed: string) => {
    const found = await load(typed);
    listed.current = typed;
    return found;
  };
  // The list follows the keys a moment later: Enter must not take from it what was found for a shorter text.
  const waitForList = (event: React.KeyboardEvent) => {
    const { target } = event;
    const isOpen = target instanceof HTMLInputElement && target.getAttribute('aria-expanded') === 'true';
    if (event.key === 'Enter' && isOpen && target.value !== listed.current) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const shared = { id, options, invalid: Boolean(sentence) };
  return (
    <div onKeyDownCapture={waitForList}>
      {isListOperator(filter.operator) ? (
        <MultiCombobox
          {...shared}
          value={filter.values.map((value) => ({ value, label: value }))}
          placeholder={t('filterValues.chooseOrTypeValues', 'Choose or type values')}
          onChange={(chosen) => onChange({ ...filter, values: chosen.map(({ value }) => value) })}
        />
      ) : (
        <Combobox
          {...shared}
          value={filter.values.length > 0 ? { value: filter.values[0], label: filter.values[0] } : null}
          placeholder={
            filter.operator.includes('~')
              ? t('filterValues.typeAPattern', 'Type a pattern')
              : t('filterValues.chooseOrTypeAValue', 'Choose or type a value')
          }
          onChange={({ value }) => onChange({ ...filter, values: [value] })}
        />
      )}
      {failure && (
        <Text variant="bodySmall" color="warning">
          {t('filterValues.noSuggestionsFromTheServers', 'No suggestions from the servers: {{failure}}', { failure })}
        </Text>
      )}
    </div>
  );
}
