/** What is generated here, by its path in the repository. */
import { stringify } from 'yaml';

import { alerting } from './alerts';
import { NAMES, bundled, provisioned } from './dashboards';
import { type Name, UID } from './place';

export const provisionedFile = (name: Name) => `provisioning/dashboards/${UID[name]}.json`;
export const bundledFile = (name: Name) => `src/dashboards/${name}.json`;
export const ALERTING_FILE = 'provisioning/alerting/nats-connections.yaml';

const HEADER = '# Generated from dashboards/rules.ts. Do not edit: change that and run npm run generate.\n';

/** Objects as Grafana reads them: without what only the builders need. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

const json = (value: object) => JSON.stringify(value, null, 2);

export const outputs = (): Record<string, string> => ({
  ...Object.fromEntries(NAMES.map((name) => [provisionedFile(name), json(provisioned(name))])),
  ...Object.fromEntries(NAMES.map((name) => [bundledFile(name), json(bundled(name))])),
  [ALERTING_FILE]:
    HEADER +
    stringify(plain(alerting()), {
      lineWidth: 0,
      aliasDuplicateObjects: false,
      defaultStringType: 'QUOTE_SINGLE',
      defaultKeyType: 'PLAIN',
    }),
});
