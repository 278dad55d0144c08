import React from 'react';
import { Field } from '@grafana/ui';
import { t } from '../../texts';
import { CommitInput } from '../CommitInput';
import { type ConfigPart } from './part';

/** How long one request may take, however it goes. */
export function Timeout({ options, readOnly, onChange }: ConfigPart) {
  return (
    <Field
      noMargin
      label={t('timeout.timeoutInSeconds', 'Timeout in seconds')}
      description={t('timeout.whatOneRequestToA', 'What one request to a server may take, from 1 to 3600.')}
      htmlFor="nats-timeout"
    >
      <CommitInput
        id="nats-timeout"
        type="number"
        min={1}
        max={3600}
        width={12}
        disabled={readOnly}
        placeholder="10"
        value={options.timeout?.toString() ?? ''}
        onCommit={(text) => onChange({ timeout: text ? Number(text) : undefined })}
      />
    </Field>
  );
}
