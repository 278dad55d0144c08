/** What stands for Grafana in the page: React 19, its packages, and the services that editors ask. */
import * as emotion from '@emotion/css';
import * as data from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import * as runtime from '@grafana/runtime';
import * as ui from '@grafana/ui';
import * as i18next from 'i18next';
import * as React from 'react';
import { createRoot } from 'react-dom/client';
import * as rxjs from 'rxjs';

interface Loader {
  set(url: string, module: object): void;
  addImportMap(map: { imports: Record<string, string> }): void;
  import(url: string): Promise<{ plugin: Plugin }>;
}

interface Plugin {
  DataSourceClass: new (settings: object) => { variables: { editor: Editor } };
  components: { ConfigEditor: Editor; QueryEditor: Editor; QueryEditorHelp: Editor };
}

type Editor = React.ComponentType<Record<string, unknown>>;

/** What is shown, in which colours and language. */
export interface Shown {
  what: 'settings' | 'query' | 'variable' | 'help';
  mode: 'light' | 'dark';
  language: string;
  /** The settings' jsonData, or the query. */
  with: object;
}

const PLUGIN = 'natsops-connections-datasource';

/** The packages that Grafana shares with plugins. */
const SHARED = {
  '@emotion/css': emotion,
  '@grafana/data': data,
  '@grafana/runtime': runtime,
  '@grafana/ui': ui,
  i18next,
  react: React,
  rxjs,
};

/** Loads the built plugin as Grafana does: texts first, then the module, over its own copies of the shared packages. */
async function load(system: Loader, language: string): Promise<Plugin> {
  await i18next.default.init({ lng: language, fallbackLng: 'en-US', resources: {}, returnEmptyString: false });
  const texts: unknown = await (await fetch(`/plugin/locales/${language}/${PLUGIN}.json`)).json();
  i18next.default.addResourceBundle(language, PLUGIN, texts, true, false);
  await initPluginTranslations('grafana');
  for (const [name, module] of Object.entries(SHARED)) {
    system.set(`package:${name}`, module);
  }
  system.addImportMap({
    imports: Object.fromEntries(Object.keys(SHARED).map((name) => [name, `package:${name}`])),
  });
  return (await system.import('/plugin/module.js')).plugin;
}

function provideServices(): void {
  const answer = { results: { values: { frames: [] } } };
  runtime.setBackendSrv({
    fetch: () => rxjs.of({ data: answer }),
    get: () => Promise.resolve({ servers: [] }),
  } as never);
  runtime.setTemplateSrv({ getVariables: () => [], replace: (text = '') => text } as never);
}

const SETTINGS = { id: 1, uid: 'nats', name: 'NATS', type: PLUGIN, access: 'proxy', meta: { id: PLUGIN } };

/** An editor with what it edits, which it changes. */
function Edited({ plugin, shown }: { plugin: Plugin; shown: Shown }) {
  const [edited, setEdited] = React.useState<object>(shown.with);
  const [datasource] = React.useState(() => new plugin.DataSourceClass({ ...SETTINGS, jsonData: {} }));
  const query = { datasource, query: { refId: 'A', ...edited }, onChange: setEdited, onRunQuery: () => undefined };
  switch (shown.what) {
    case 'settings':
      return React.createElement(plugin.components.ConfigEditor, {
        options: { ...SETTINGS, secureJsonFields: {}, jsonData: edited },
        onOptionsChange: ({ jsonData }: { jsonData: object }) => setEdited(jsonData),
      });
    case 'query':
      return React.createElement(plugin.components.QueryEditor, query);
    case 'variable':
      return React.createElement(datasource.variables.editor, query);
    case 'help':
      return React.createElement(plugin.components.QueryEditorHelp, { onClickExample: () => undefined, ...query });
  }
}

/** Shows one editor; what is wrong ends in the console. */
export async function show(system: Loader, shown: Shown): Promise<void> {
  provideServices();
  const plugin = await load(system, shown.language);
  const theme = data.createTheme({ colors: { mode: shown.mode } });
  emotion.injectGlobal({
    '*, *::before, *::after': { boxSizing: 'inherit' },
    html: { boxSizing: 'border-box', fontSize: 14 },
    body: {
      ...theme.typography.body,
      margin: 0,
      color: theme.colors.text.primary,
      background: theme.colors.background.primary,
    },
    'fieldset, legend': { border: 0, margin: 0, padding: 0, minWidth: 0 },
  });
  const themed = React.createElement(
    data.ThemeContext.Provider,
    { value: theme },
    React.createElement(Edited, { plugin, shown })
  );
  createRoot(document.getElementById('editor')!).render(themed);
}

Object.assign(globalThis, { show, reactVersion: React.version });
