/** Why, whose and where: what a click on a cell narrows the dashboard to. */
import { type Builder } from '@grafana/grafana-foundation-sdk/cog';
import { TableCellHeight, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import { type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as table from '@grafana/grafana-foundation-sdk/table';

import { type Key } from '../src/query/model.gen';
import { DATASOURCE, type Question, UNEXPECTED, ask } from './ask';
import {
  AGO,
  BAD,
  type Column,
  MARKS_EXPLAINED,
  WRAPPED,
  column,
  leads,
  mapped,
  onlyColumns,
  overridesOf,
  severityMark,
  unit,
} from './parts';
import { type Place, leadTo, ofRow } from './place';

export const SERVERS = 14;

interface Spec {
  id: number;
  title: string;
  description: string;
  question: Question;
  columns: Column[];
  /** What links and tooltips of other columns read. */
  hidden?: string[];
  sortBy?: string;
  height: number;
  span?: number;
}

function tableOf({ id, title, description, question, columns, hidden = [], sortBy, height, span = 24 }: Spec) {
  const panel = new table.PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .noValue('–')
    .cellHeight(TableCellHeight.Sm)
    .withTarget(ask(question))
    .height(height)
    .span(span);
  for (const transformation of onlyColumns([...columns.map(({ name }) => name), ...hidden])) {
    panel.withTransformation(transformation);
  }
  for (const one of columns) {
    panel.overrideByName(one.name, overridesOf(one));
  }
  return sortBy ? panel.sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(true)]) : panel;
}

const exact = unit('locale');
const server = ({ links }: Place, width?: number): Column =>
  column('server', 'Server', width, ...(links ? [leads('This server', leadTo('servers', ofRow('server')))] : []));
const app = ({ links }: Place, width?: number): Column =>
  column(
    'app',
    'App',
    width,
    ...(links ? [leads('This app: instances, servers, remedy', leadTo('app', ofRow('account'), ofRow('app')))] : [])
  );
const account = ({ links }: Place, width?: number): Column =>
  column(
    'account',
    'Account',
    width,
    ...(links ? [leads('This account and its budget', leadTo('account', ofRow('account')))] : [])
  );

const STOPS = column('stops', 'Stops', 70, exact);
const LOST = column('bytes_lost_min', 'Bytes lost', 95);
const LAST_SEEN = column('last_seen', 'Last seen', 135, AGO);
/** What became of the clients that stopped. */
const BACK: Column[] = [column('open', 'Open now', 80, exact), column('back', 'Back?', 130)];

const byGroups = (place: Place, groupBy: Key[], limit: number): Question => ({
  queryType: 'stops',
  view: 'table',
  groupBy,
  filters: [UNEXPECTED, ...place.filters],
  sort: { by: 'stops', desc: true },
  limit,
});

/** Why, and what to do about it. */
export const reasons = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Why, and what to do',
    description: `The commonest reasons of unexpected stops first. ${MARKS_EXPLAINED} Click the number for the records, a cell’s funnel to narrow the dashboard to it.`,
    question: byGroups(place, ['severity', 'reason'], 20),
    columns: [
      severityMark,
      column('reason', 'Reason', 265),
      STOPS,
      LOST,
      LAST_SEEN,
      column('remedy', 'What to do', undefined, WRAPPED),
    ],
    height: 9,
  });

/** Who to talk to. */
export const apps = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Apps that stopped unexpectedly',
    description: `An app is a client’s name without its instance. ${MARKS_EXPLAINED} Click an app for its instances and servers, the number for its records, a cell’s funnel to narrow the dashboard to it. Then tell its owner the reason. Back?: whether the clients that stopped were let in again.`,
    question: byGroups(place, ['severity', 'app', 'account', 'reason'], 50),
    columns: [
      severityMark,
      app(place),
      account(place, 115),
      column('reason', 'Reason', 205, WRAPPED),
      STOPS,
      column('instances', 'Instances', 80, exact),
      LOST,
      column('first_seen', 'First seen', 135, AGO),
      LAST_SEEN,
      ...BACK,
    ],
    height: 10,
  });

/** One or many: the instances of an app. */
export const instances = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Instances',
    description:
      'Each name of the app that stopped unexpectedly. All alike points to the release or its settings; one alone to its host. Click the number for its records.',
    question: byGroups(place, ['severity', 'name', 'ip', 'reason'], 50),
    columns: [
      severityMark,
      column('name', 'Name'),
      column('ip', 'Address', 110),
      column('reason', 'Reason', 265),
      STOPS,
      LOST,
      LAST_SEEN,
      ...BACK,
    ],
    height: 9,
  });

/** Where. */
export const byServer = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Servers it stopped on',
    description: 'One server alone points to its host, network or limits. All alike points to the client.',
    question: byGroups(place, ['server', 'user'], 20),
    columns: [server(place, 120), column('user', 'Claimed user'), STOPS, LOST],
    height: 7,
    span: 12,
  });

/** What the clients that are open now are made of. */
export const libraries = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Client libraries, open now',
    description:
      'Languages and versions of the connections that are open. A version that stands alone among the stops is a suspect: update it.',
    question: {
      queryType: 'connections',
      view: 'table',
      groupBy: ['lang', 'version', 'server'],
      filters: place.filters,
    },
    columns: [
      column('lang', 'Library'),
      column('version', 'Version', 100),
      server(place, 120),
      column('connections', 'Open', 80, exact),
    ],
    height: 7,
    span: 12,
  });

/** Who will be cut next. */
export const pending = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Open connections by pending bytes',
    description:
      'Clients that read more slowly than they are sent to, the slowest first. At max_pending (64 MiB by default) the server cuts them: act before that.',
    question: {
      queryType: 'connections',
      view: 'records',
      filters: place.filters,
      sort: { by: 'pending_bytes', desc: true },
      limit: 20,
    },
    columns: [
      column('pending_bytes', 'Pending', 100),
      app(place),
      column('name', 'Name'),
      account(place, 120),
      server(place, 90),
      column('start', 'Open since', 180),
      column('rtt', 'RTT', 80),
      column('idle', 'Idle', 80),
    ],
    height: 9,
  });

/** The records themselves. */
export const recent = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Recent unexpected stops',
    description: `One row per connection, newest first. ${MARKS_EXPLAINED} Click a reason for what it means and what to do, a cell’s funnel to narrow the dashboard to it.`,
    question: { queryType: 'stops', view: 'records', filters: [UNEXPECTED, ...place.filters], limit: 100 },
    columns: [
      column('time', 'Stopped', 170),
      severityMark,
      column('reason', 'Reason', 265),
      app(place, 140),
      column('name', 'Name'),
      account(place, 130),
      server(place, 80),
      column('bytes_lost_min', 'Bytes lost', 115),
    ],
    hidden: ['remedy', 'help'],
    height: 10,
  });

/** What is known of each server, and why it does not answer. */
export const servers = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Servers and how complete their records are',
    description:
      'A server keeps its last stops in memory only. No answer: check its process and monitoring port. Records lost: raise max_closed_clients.',
    question: {
      queryType: 'servers',
      view: 'table',
      groupBy: ['server', 'version'],
      filters: place.servers,
    },
    columns: [
      column(
        'answered',
        'Answers',
        90,
        mapped({ '0': { text: '◆ no', color: BAD, index: 0 }, '1': { text: 'yes', index: 1 } }),
        { id: 'custom.align', value: 'center' }
      ),
      column('server', 'Server', 110),
      column('open', 'Open', 80, exact),
      column('total', 'Since start', 95, exact),
      column('uptime', 'Up for', 90),
      column('complete_since', 'Complete since', 170),
      column('records_lost', 'Lost', 80, exact),
      column('clock_offset', 'Clock off by', 100),
      column('version', 'Version', 95),
      column('error', 'Error', undefined, WRAPPED),
    ],
    height: 9,
  });

/** How many are open where. */
export const openByServer = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Open connections by server and account',
    description:
      'How clients are spread now. A server that has far fewer than its peers was left by its clients: look at its stops.',
    question: { queryType: 'connections', view: 'table', groupBy: ['server', 'account'], filters: place.filters },
    columns: [
      server(place),
      account(place, 160),
      column('connections', 'Open', 80, exact),
      column('pending_bytes', 'Pending', 110),
      column('subscriptions', 'Subscriptions', 110, exact),
    ],
    height: 8,
  });
