import React from 'react';
import { Alert } from '@grafana/ui';
import { type Reach } from '../../settings/reach';
import { t } from '../../texts';
import { type ConfigPart } from './part';
import { Toggle } from './Toggle';

interface Props extends ConfigPart {
  reach: Reach;
}

/** Says who will see what, before anybody connects a server, and lets it be less. */
export function Privacy({ reach, options, readOnly, onChange }: Props) {
  return (
    <>
      <WhoSeesWhat reach={reach} />
      <Toggle
        id="nats-private"
        label={t('privacy.hideUserNamesAndAddresses', 'Hide user names and addresses')}
        description={t(
          'privacy.nobodySeesThemHere',
          'Nobody sees them here, in a stream of its history, or in findings, which then know less. Client names stay.'
        )}
        isOn={Boolean(options.private)}
        readOnly={readOnly}
        onChange={(on) => onChange({ private: on || undefined })}
      />
    </>
  );
}

function WhoSeesWhat({ reach }: Pick<Props, 'reach'>) {
  if (reach === 'account') {
    return (
      <Alert severity="info" title={t('privacy.whoSeesWhat', 'Who sees what')}>
        {t(
          'privacy.ownAccount',
          'Whoever may query this data source sees the connections of the login’s own account, with IP addresses and user names, and none of any other account.'
        )}
      </Alert>
    );
  }
  return (
    <Alert severity="warning" title={t('privacy.whoSeesWhat', 'Who sees what')}>
      {t(
        'privacy.allAccounts',
        'Whoever may query this data source sees the connections of all accounts on these servers, with IP addresses and user names. To show a tenant only its own, make another data source with a login of its account.'
      )}
    </Alert>
  );
}
