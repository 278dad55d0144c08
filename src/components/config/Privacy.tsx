import React from 'react';
import { Alert } from '@grafana/ui';
import { type Reach } from '../../settings/reach';
import { t } from '../../texts';

/** Says who will see what, before anybody connects a server. */
export function Privacy({ reach }: { reach: Reach }) {
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
