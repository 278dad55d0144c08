import React from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Combobox, MultiCombobox, Text, useStyles2 } from '@grafana/ui';
import { type DataSource } from '../../datasource';
import { type Filter } from '../../query/model.gen';
import { isListOperator } from '../../query/validity';
import { useSuggestions } from '../useSuggestions';

interface Props {
  id: string;
  filter: Filter;
  others: Filter[];
  sentence?: string;
  datasource: DataSource;

  onChange: (filter: Filter) => void;
}

/** One value or several, suggested by what the servers show; anything can be typed. */
export function FilterValues({ id, filter, others, sentence, datasource, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const { load, failure } = useSuggestions(datasource, filter, others);
  const shared = { id, options: load, invalid: Boolean(sentence) };
  return (
    <div className={styles.values}>
      {isListOperator(filter.operator) ? (
        <MultiCombobox
          {...shared}
          value={filter.values.map((value) => ({ value, label: value }))}
          placeholder="Choose or type values"
          onChange={(chosen) => onChange({ ...filter, values: chosen.map(({ value }) => value) })}
        />
      ) : (
        <Combobox
          {...shared}
          value={filter.values.length > 0 ? { value: filter.values[0], label: filter.values[0] } : null}
          placeholder={filter.operator.includes('~') ? 'Type a pattern' : 'Choose or type a value'}
          onChange={({ value }) => onChange({ ...filter, values: [value] })}
        />
      )}
      {failure && (
        <Text variant="bodySmall" color="warning">
          {`No suggestions from the servers: ${failure}`}
        </Text>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  // As wide as there is room, on a line of its own when there is little.
  values: css({ flex: `1 1 ${theme.spacing(30)}`, minWidth: 0, maxWidth: theme.spacing(75) }),
});
