/** Dashboards of one data source alone, made of those that ask whichever their variable says. */
import { type Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

import { TAG } from './board';
import { NAMES, provisioned } from './dashboards';
import { type Name, UID } from './place';
import { type Watched, titleOf, uidOf } from './watched';

/** Every text of a document, changed. */
function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') {
    return change(value);
  }
  if (Array.isArray(value)) {
    return value.map((one) => withTexts(one, change));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withTexts(one, change)]));
}

/** Asks the data source itself, and leads to its own dashboards. */
function textOf(watched: Watched): (text: string) => string {
  const leads = Object.values(UID).map((uid): [string, string] => [`/d/${uid}?`, `/d/${uidOf(watched, uid)}?`]);
  const changes: Array<[string, string]> = [
    ...leads,
    ['${datasource:queryparam}&', ''],
    ['${datasource}', watched.datasource],
  ];
  const own = (text: string) => changes.reduce((done, [shared, mine]) => done.replaceAll(shared, () => mine), text);
  return (text) => (text === TAG ? uidOf(watched, TAG) : own(text));
}

export function ownDashboard(watched: Watched, name: Name): Dashboard {
  const shared = JSON.parse(JSON.stringify(provisioned(name))) as Dashboard;
  const list = (shared.templating?.list ?? []).filter((variable) => variable.name !== 'datasource');
  const { title = '', uid = '' } = shared;
  return {
    ...(withTexts({ ...shared, templating: { list } }, textOf(watched)) as Dashboard),
    uid: uidOf(watched, uid),
    title: titleOf(watched, title),
  };
}

/** By their uids. */
export const ownDashboards = (watched: Watched): Record<string, Dashboard> =>
  Object.fromEntries(NAMES.map((name) => [uidOf(watched, UID[name]), ownDashboard(watched, name)]));
