import React from 'react';
import { Alert } from '@grafana/ui';

/** Says who will see what, before anybody connects a server. */
export function Privacy() {
  return (
    <Alert severity="warning" title="Who sees what">
      Whoever may query this data source sees the connections of all accounts that the endpoints show, with IP addresses
      and user names. To show a tenant only its own, make one data source per tenant.
    </Alert>
  );
}
