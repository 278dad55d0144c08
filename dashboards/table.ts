/** What all tables share: how one is made, and the columns that several have. */
import { TableCellHeight, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import { type DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import * as table from '@grafana/grafana-foundation-sdk/table';

import { DATASOURCE, type Question, ask } from './ask';
import { AGO, type Column, WRAPPED, column, leads, onlyColumns, overridesOf, unit } from './parts';
import { type Place, leadTo, ofRow } from './place';

export interface Spec {
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

export function tableOf({ id, title, description, question, columns, hidden = [], sortBy, height, span = 24 }: Spec) {
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

export const exact = unit('locale');
export const server = ({ links }: Place, width?: number): Column =>
  column('server', 'Server', width, ...(links ? [leads('This server', leadTo('servers', ofRow('server')))] : []));
/** A column that takes what is left, and no less than this. */
export const atLeast = (value: number): DynamicConfigValue => ({ id: 'custom.minWidth', value });

export const app = ({ links }: Place, width?: number): Column =>
  column(
    'app',
    'App',
    width,
    atLeast(110),
    ...(links ? [leads('This app: instances, servers, remedy', leadTo('app', ofRow('account'), ofRow('app')))] : [])
  );
export const account = ({ links }: Place, width?: number, ...more: DynamicConfigValue[]): Column =>
  column(
    'account',
    'Account',
    width,
    ...more,
    ...(links ? [leads('This account and its budget', leadTo('account', ofRow('account')))] : [])
  );

export const STOPS = column('stops', 'Stops', 65, exact);
export const LOST = column('bytes_lost_min', 'Bytes lost', 95);
export const LAST_SEEN = column('last_seen', 'Last seen', 140, AGO);
/** What became of the clients that stopped. */
export const BACK: Column[] = [column('open', 'Open now', 78, exact), column('back', 'Back?', 115, WRAPPED)];
