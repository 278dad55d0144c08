import React from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { AccessoryButton } from '@grafana/plugin-ui';
import { Combobox, FieldValidationMessage, Text, useStyles2 } from '@grafana/ui';
import { type DataSource } from '../../datasource';
import { unknownValue } from '../../query/known';
import { type Filter, type Key, type Operator, OPERATORS } from '../../query/model.gen';
import { isComplete, isListOperator } from '../../query/validity';
import { operatorWords } from '../../query/words';
import { t } from '../../texts';
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
  /** The hand goes on to the value. */
  onNext: () => void;
  onRemove: () => void;
}

const operatorOptions = () =>
  OPERATORS.map((value) => {
    const { label, description } = operatorWords(value);
    return { value, label, description };
  });

/** One condition: key, operator, value or values. */
export function FilterRow(props: Props) {
  const { id, position, filter, keys, sentence, onChange, onNext, onRemove } = props;
  const styles = useStyles2(getStyles);
  const changeKey = (key: Key) => {
    onChange({ ...filter, key, values: key === filter.key ? filter.values : [] });
    onNext();
  };
  const changeOperator = (operator: Operator) => {
    const values = isListOperator(operator) ? filter.values : filter.values.slice(0, 1);
    onChange({ ...filter, operator, values });
    onNext();
  };
  return (
    <div role="group" aria-label={t('filterRow.filterPosition', 'Filter {{position}}', { position })}>
      <div className={styles.row}>
        <div className={styles.key}>
          <HiddenLabel htmlFor={`${id}-key`}>
            {t('filterRow.filterPositionKey', 'Filter {{position}} key', { position })}
          </HiddenLabel>
          <Combobox
            id={`${id}-key`}
            options={keyOptions(keys)}
            value={filter.key}
            onChange={({ value }) => changeKey(value as Key)}
          />
        </div>
        <div className={styles.operator}>
          <HiddenLabel htmlFor={`${id}-operator`}>
            {t('filterRow.filterPositionOperator', 'Filter {{position}} operator', { position })}
          </HiddenLabel>
          <Combobox
            id={`${id}-operator`}
            options={operatorOptions()}
            value={filter.operator}
            onChange={({ value }) => changeOperator(value)}
          />
        </div>
        <div className={styles.rest}>
          <div className={styles.values}>
            <HiddenLabel htmlFor={`${id}-values`}>
              {t('filterRow.filterPositionValue', 'Filter {{position}} value', { position })}
            </HiddenLabel>
            <FilterValues {...props} id={`${id}-values`} />
          </div>
          <AccessoryButton
            id={`${id}-remove`}
            icon="times"
            variant="secondary"
            type="button"
            aria-label={t('filterRow.removeFilterPosition', 'Remove filter {{position}}', { position })}
            onClick={onRemove}
          />
        </div>
      </div>
      {sentence ? <FieldValidationMessage>{sentence}</FieldValidationMessage> : <Hint filter={filter} />}
    </div>
  );
}

function Hint({ filter }: { filter: Filter }) {
  const hint = isComplete(filter) ? unknownValue(filter) : t('filterRow.notUsed', 'Not used until it has a value.');
  return hint ? (
    <Text variant="bodySmall" color={isComplete(filter) ? 'warning' : 'secondary'}>
      {hint}
    </Text>
  ) : null;
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5), maxWidth: theme.spacing(110) }),
  // Each part is as wide as it says, never as what stands in it: that would change while it is measured. In a narrow place
  // the value goes to a line of its own and takes the button with it.
  key: css({ flex: `0 0 ${theme.spacing(18)}` }),
  operator: css({ flex: `0 0 ${theme.spacing(10)}` }),
  rest: css({ flex: '1 1 auto', width: theme.spacing(30), display: 'flex', gap: theme.spacing(0.5), minWidth: 0 }),
  values: css({ flex: '1 1 0', minWidth: 0 }),
});
