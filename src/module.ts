import { DataSourcePlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { ConfigEditor, QueryEditor, QueryHelp } from './components/lazy';
import { DataSource } from './datasource';
import pluginJson from './plugin.json';
import { type NatsOptions, type NatsQuery, type NatsSecrets } from './types';

// Grafana has loaded the texts of the user's language before the module, and what is translated is shown after it.
void initPluginTranslations(pluginJson.id);

export const plugin = new DataSourcePlugin<DataSource, NatsQuery, NatsOptions, NatsSecrets>(DataSource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(QueryHelp);
