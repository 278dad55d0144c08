import React from 'react';
import { Field } from '@grafana/ui';
import { t } from '../../texts';
import { CommitInput } from '../CommitInput';
import { type ConfigPart } from './part';

/** The name to expect in the servers' certificates, also without a client certificate. */
export function ServerName({ options, readOnly, onChange }: ConfigPart) {
  return (
    <Field
      label={t('serverName.tlsServerName', 'TLS server name')}
      description={t(
        'serverName.theNameToExpectIn',
        "The name to expect in the servers' certificates, if it is not the one in the URL."
      )}
      htmlFor="nats-server-name"
    >
      <CommitInput
        id="nats-server-name"
        disabled={readOnly}
        placeholder="nats.example.com"
        value={options.serverName ?? ''}
        onCommit={(serverName) => onChange({ serverName })}
      />
    </Field>
  );
}
