import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { Combobox } from '@grafana/ui';
import { t } from '../../texts';
import { variableNames } from '../options';
import { problemAt, type Part } from './part';

const INTERVALS = ['auto', '10s', '30s', '1m', '5m', '15m', '1h', '6h', '1d'];

/** The width of a time series' buckets. */
export function Interval({ id, query, problem, onChange }: Part) {
  const inputId = `${id}-interval`;
  return (
    <EditorField
      label={t('interval.interval', 'Interval')}
      htmlFor={inputId}
      tooltip={t(
        'interval.widthOfOneBucketAuto',
        "Width of one bucket. auto takes the panel's interval; any duration or variable can be typed."
      )}
      {...problemAt(problem, 'interval')}
    >
      <Combobox
        id={inputId}
        options={[...INTERVALS, ...variableNames()].map((value) => ({ value, label: value }))}
        value={query.interval || 'auto'}
        createCustomValue
        width={16}
        onChange={({ value }) => onChange({ ...query, interval: value })}
      />
    </EditorField>
  );
}
