/** What to look at, why, and whose: what a click on a cell narrows the dashboard to. */
import { type Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type Panel } from '@grafana/grafana-foundation-sdk/dashboard';

import { type Key } from '../src/query/model.gen';
import { type Question, UNEXPECTED } from './ask';
import { AGO, MARKS_EXPLAINED, WRAPPED, column, severityMark } from './parts';
import { type Place } from './place';
import { BACK, LAST_SEEN, LOST, STOPS, account, app, atLeast, exact, server, tableOf } from './table';

const byGroups = (place: Place, groupBy: Key[], limit: number): Question => ({
  queryType: 'stops',
  view: 'table',
  groupBy,
  filters: [UNEXPECTED, ...place.filters],
  sort: { by: 'stops', desc: true },
  limit,
});

/** The panel of findings, wherever it stands. */
export const FINDINGS = 23;

/** What somebody should do first. */
export const findings = (place: Place, id: number): Builder<Panel> =>
  tableOf({
    id,
    title: 'Worth a look (empty: nothing found)',
    description: `What rules find in all that is known, what goes on first. ${MARKS_EXPLAINED} Click the number for the evidence, a cell’s funnel to narrow the dashboard to it.`,
    question: { queryType: 'findings', view: 'table', filters: place.filters, limit: 20 },
    columns: [
      severityMark,
      column('state', 'State', 70),
      // No width of its own, as the data source gives it for Explore: what is left is for this and for what to do.
      column('finding', 'Finding', undefined, WRAPPED, { id: 'custom.width', value: null }, atLeast(220)),
      column('count', 'Evidence', 75, exact),
      column('first_seen', 'First seen', 115, AGO),
      LAST_SEEN,
      column('remedy', 'What to do', undefined, WRAPPED, atLeast(220)),
    ],
    hidden: ['help', 'evidence'],
    height: 8,
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
      column('reason', 'Reason', 265, WRAPPED),
      STOPS,
      LOST,
      LAST_SEEN,
      column('remedy', 'What to do', undefined, WRAPPED, atLeast(260)),
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
      account(place, 90, WRAPPED),
      column('reason', 'Reason', 150, WRAPPED),
      STOPS,
      column('instances', 'Instances', 78, exact),
      // What decides stands before what narrow windows cut off.
      ...BACK,
      LOST,
      LAST_SEEN,
      column('first_seen', 'First seen', 125, AGO),
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
      column('reason', 'Reason', 200, WRAPPED),
      STOPS,
      ...BACK,
      LOST,
      LAST_SEEN,
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
      // The longest: Maximum Account Connections Exceeded.
      column('reason', 'Reason', 290),
      app(place, 140),
      column('name', 'Name'),
      account(place, 130),
      server(place, 80),
      column('bytes_lost_min', 'Bytes lost', 115),
    ],
    hidden: ['remedy', 'help'],
    height: 10,
  });
