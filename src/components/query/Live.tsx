import React from 'react';
import { EditorField, EditorSwitch } from '@grafana/plugin-ui';
import { t } from '../../texts';
import { problemAt, type Part } from './part';

/** Whether the panel goes on with what stops from now on. */
export function Live({ id, query, problem, onChange }: Part) {
  const inputId = `${id}-live`;
  return (
    <EditorField
      label={t('live.live', 'Live')}
      htmlFor={inputId}
      tooltip={t(
        'live.stopsAppearAsTheyHappen',
        'Stops appear as they happen, while the time range ends now. Alert rules and public dashboards show what there is when they ask.'
      )}
      {...problemAt(problem, 'live')}
    >
      <EditorSwitch
        id={inputId}
        value={query.live ?? false}
        onChange={({ currentTarget }) => onChange({ ...query, live: currentTarget.checked || undefined })}
      />
    </EditorField>
  );
}
