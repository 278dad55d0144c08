/** What is generated here, by its path in the repository. */
import { stringify } from 'yaml';

import { alerting } from './alerts';
import { dashboard } from './dashboard';

export const DASHBOARD_FILE = 'provisioning/dashboards/nats-connections.json';
export const ALERTING_FILE = 'provisioning/alerting/nats-connections.yaml';

const HEADER = '# Generated from dashboards/rules.ts. Do not edit: change that and run npm run generate.\n';

/** Objects as Grafana reads them: without what only the builders need. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

export const outputs = (): Record<string, string> => ({
  [DASHBOARD_FILE]: JSON.stringify(dashboard(), null, 2),
  [ALERTING_FILE]:
    HEADER +
    stringify(plain(alerting()), {
      lineWidth: 0,
      aliasDuplicateObjects: false,
      defaultStringType: 'QUOTE_SINGLE',
      defaultKeyType: 'PLAIN',
    }),
});
