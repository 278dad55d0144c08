import React from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { EditorField } from '@grafana/plugin-ui';
import { MultiCombobox, useStyles2 } from '@grafana/ui';
import { type Key } from '../../query/model.gen';
import { partOf } from '../../query/parts';
import { t } from '../../texts';
import { keyOptions } from '../options';
import { problemAt, type Part } from './part';

/** The dimensions that make one series or row each. */
export function GroupBy({ id, query, problem, onChange }: Part) {
  const inputId = `${id}-group-by`;
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.field}>
      <EditorField
        label={t('groupBy.groupBy', 'Group by')}
        htmlFor={inputId}
        tooltip={t(
          'groupBy.oneSeriesOrRowFor',
          'One series or row for each combination of values; empty means one number for all.'
        )}
        {...problemAt(problem, 'groupBy')}
      >
        <MultiCombobox<string>
          id={inputId}
          options={keyOptions(partOf(query.queryType, query.view).keys)}
          value={query.groupBy}
          placeholder={t('groupBy.everythingTogether', 'Everything together')}
          onChange={(chosen) => onChange({ ...query, groupBy: chosen.map(({ value }) => value as Key) })}
        />
      </EditorField>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  // Room for three keys where there is some, never more than there is.
  field: css({ flex: '1 1 auto', width: theme.spacing(35), minWidth: 0, maxWidth: theme.spacing(55) }),
});
