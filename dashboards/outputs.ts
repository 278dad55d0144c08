/** What is generated here, by its path in the repository. */
import { alerting } from './alerts';
import { dashboard } from './dashboard';

export const DASHBOARD_FILE = 'provisioning/dashboards/nats-connections.json';
export const ALERTING_FILE = 'provisioning/alerting/nats-connections.yaml';

/** Objects as Grafana reads them: without what only the builders need. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

export const OUTPUTS: Record<string, () => unknown> = {
  [DASHBOARD_FILE]: () => plain(dashboard()),
  [ALERTING_FILE]: () => plain(alerting()),
};
