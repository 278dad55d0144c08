import React from 'react';
import { ConfigSubSection } from '@grafana/plugin-ui';
import { Field } from '@grafana/ui';
import { inboxProblem } from '../../settings/inbox';
import { t } from '../../texts';
import { CommitInput } from '../CommitInput';
import { Column } from './Column';
import { type ClientPart } from './part';
import { Toggle } from './Toggle';

/** Where we connect, and where answers go, if not as usual; folded while nothing is set. */
export function NatsReach({ of, client, readOnly, onChange }: Omit<ClientPart, 'editor'>) {
  const { inboxPrefix, ignoreDiscovered } = client;
  const problem = inboxProblem(inboxPrefix ?? '');
  return (
    <ConfigSubSection
      title={t('natsReach.addressesAndInbox', 'Addresses and inbox')}
      description={t(
        'natsReach.onlyWhereTheServersOwn',
        'Only where the servers’ own addresses or the usual inbox cannot be used.'
      )}
      isCollapsible
      isInitiallyOpen={Boolean(inboxPrefix ?? ignoreDiscovered)}
    >
      <Column>
        <Toggle
          id={`${of}-ignore-discovered`}
          label={t('natsReach.onlyTheseServers', 'Only these servers')}
          description={t(
            'natsReach.neverConnectToTheAddresses',
            'Never connect to the addresses that servers advertise, which may lead nowhere from here.'
          )}
          isOn={Boolean(ignoreDiscovered)}
          readOnly={readOnly}
          onChange={(on) => onChange({ ignoreDiscovered: on || undefined })}
        />
        <Field
          noMargin
          label={t('natsReach.inboxPrefix', 'Inbox prefix')}
          description={t(
            'natsReach.whereAnswersGoIfThe',
            'Where answers go, if the login may not subscribe to _INBOX.>.'
          )}
          htmlFor={`${of}-inbox-prefix`}
          invalid={Boolean(problem)}
          error={problem}
        >
          <CommitInput
            id={`${of}-inbox-prefix`}
            disabled={readOnly}
            placeholder="_INBOX"
            value={inboxPrefix ?? ''}
            onCommit={(prefix) => onChange({ inboxPrefix: prefix || undefined })}
          />
        </Field>
      </Column>
    </ConfigSubSection>
  );
}
