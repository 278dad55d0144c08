/** What is generated here, by its path in the repository. */
import { alerting } from './alerts';
import { NAMES, bundled, provisioned } from './dashboards';
import { type Name, UID } from './place';
import { PROVISIONED } from './watched';
import { yaml } from './yaml';

export const provisionedFile = (name: Name) => `provisioning/dashboards/${UID[name]}.json`;
export const bundledFile = (name: Name) => `src/dashboards/${name}.json`;
export const ALERTING_FILE = 'provisioning/alerting/nats-connections.yaml';

const HEADER = '# Generated from dashboards/rules.ts. Do not edit: change that and run npm run generate.\n';

const json = (value: object) => JSON.stringify(value, null, 2);

export const outputs = (): Record<string, string> => ({
  ...Object.fromEntries(NAMES.map((name) => [provisionedFile(name), json(provisioned(name))])),
  ...Object.fromEntries(NAMES.map((name) => [bundledFile(name), json(bundled(name))])),
  [ALERTING_FILE]: HEADER + yaml(alerting(PROVISIONED)),
});
