/** The dashboards: which panels each has, in the order in which they are read. */
import { type Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

import plugin from '../src/plugin.json';
import { type Filter } from '../src/query/model.gen';
import { PROVISIONED_NAME, PROVISIONED_UID, UNEXPECTED, chosen, one } from './ask';
import { allowed, any, board, exactlyOne } from './board';
import * as charts from './charts';
import { type Name, type Place, UID, placeOf } from './place';
import * as state from './state';
import * as tables from './tables';
import * as tiles from './tiles';

const APP: Filter = { key: 'app', operator: '=', values: ['$app'] };

/** Three to a row: at 1280 pixels their titles are whole beside Grafana's menu as well. */
const counts = (here: Place) =>
  tiles.row(6, [8, 8, 8], [tiles.unexpected(here, 1), tiles.slowConsumers(here, 2), tiles.bytesLost(here, 3)]);

function stops(links: boolean): Dashboard {
  const here = placeOf(links);
  return board({
    title: 'NATS: Connection stops',
    description: 'Which NATS connections stopped, why, whose they were, and what to do about it.',
    variables: [any('account', 'Account'), any('server', 'Server')],
    panels: [
      tables.findings(here, tables.FINDINGS),
      ...counts(here),
      ...tiles.row(4, [4, 6, 14], [tiles.open(here, 4), tiles.silent(here, 5), tiles.trust(here, 6)]),
      charts.history(here, charts.HISTORY),
      tables.reasons(here, 8),
      tables.apps(here, 12),
      tables.recent(here, 15),
      state.pending(here, 13),
    ],
  });
}

function app(links: boolean): Dashboard {
  const here = placeOf(links, APP);
  return board({
    title: 'NATS: App',
    description: 'One app: when, where and why its connections stopped, and what to do about it.',
    variables: [any('account', 'Account'), any('server', 'Server'), exactlyOne('app', 'App', chosen('account'))],
    panels: [
      tables.findings(here, tables.FINDINGS),
      ...counts(here),
      ...tiles.row(4, [6, 18], [tiles.open(here, 4), tiles.trust(here, 6)]),
      charts.history(here, charts.HISTORY, []),
      tables.reasons(here, 8),
      tables.instances(here, 9),
      tables.byServer(here, 10),
      state.libraries(here, 11),
      state.pending(here, 13),
      charts.lines(here, 16, 'Its unexpected stops, one by one', [UNEXPECTED]),
    ],
  });
}

function account(links: boolean): Dashboard {
  const here = placeOf(links);
  return board({
    title: 'NATS: Account',
    description: 'One account: how many of its connections stopped though nobody meant it, against what is allowed.',
    variables: [exactlyOne('account', 'Account'), any('server', 'Server'), allowed()],
    panels: [
      tables.findings(here, tables.FINDINGS),
      ...tiles.row(4, [12, 12], [tiles.budget(here, 17), tiles.served(here, 18)]),
      ...counts(here),
      ...tiles.row(4, [24], [tiles.trust(here, 6)]),
      charts.burn(here, 19),
      charts.history(here, charts.HISTORY),
      charts.openOfAccount(here, 26),
      tables.apps(here, 12),
      tables.reasons(here, 8),
      charts.lossByApp(here, 20),
      tables.recent(here, 15),
    ],
  });
}

function servers(links: boolean): Dashboard {
  const here = placeOf(links);
  return board({
    title: 'NATS: Servers and coverage',
    description: 'Which servers answer, since when their records are complete, and how their clients are spread.',
    variables: [any('account', 'Account'), any('server', 'Server')],
    panels: [
      tables.findings(here, tables.FINDINGS),
      ...tiles.row(4, [6, 18], [tiles.silent(here, 5), tiles.trust(here, 6)]),
      state.servers(here, state.SERVERS),
      charts.events(here, 24),
      charts.openOfServers(here, 25),
      charts.historyByServer(here, charts.HISTORY),
      state.openByServer(here, 21),
      charts.lines(here, 22, 'Stops by a server’s shutdown', [one('category', 'shutdown')]),
    ],
  });
}

const DASHBOARDS: Record<Name, (links: boolean) => Dashboard> = { stops, app, account, servers };

export const NAMES = Object.keys(DASHBOARDS) as Name[];

/** Asks this data source first; whoever looks at it may choose another. */
function startingWith(text: string, value: string, { templating, ...dashboard }: Dashboard): Dashboard {
  const list = (templating?.list ?? []).map((variable) =>
    variable.name === 'datasource' ? { ...variable, current: { selected: true, text, value } } : variable
  );
  return { ...dashboard, templating: { ...templating, list } };
}

/** As files provision it: known by its uid, leading to the others by theirs, about the data source of the files beside it. */
export const provisioned = (name: Name): Dashboard => ({
  ...startingWith(PROVISIONED_NAME, PROVISIONED_UID, DASHBOARDS[name](true)),
  uid: UID[name],
});

/** What Grafana asks whoever imports a dashboard; on the page of a data source it says that one. */
const INPUT = {
  name: 'DS_NATS',
  label: PROVISIONED_NAME,
  description: 'What the dashboard shows first; others can be chosen on it.',
  type: 'datasource',
  pluginId: plugin.id,
  pluginName: plugin.name,
};

/** As the plugin brings it: Grafana gives it a uid where it is imported. */
export function bundled(name: Name): Dashboard & { __inputs: object[] } {
  const first = `\${${INPUT.name}}`;
  const { uid, id, ...rest } = startingWith(first, first, DASHBOARDS[name](false));
  return { __inputs: [INPUT], ...rest };
}
