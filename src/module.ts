import { DataSourcePlugin } from '@grafana/data';
import { ConfigEditor, QueryEditor, QueryHelp } from './components/lazy';
import { DataSource } from './datasource';
import { type NatsOptions, type NatsQuery, type NatsSecrets } from './types';

export const plugin = new DataSourcePlugin<DataSource, NatsQuery, NatsOptions, NatsSecrets>(DataSource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(QueryHelp);
