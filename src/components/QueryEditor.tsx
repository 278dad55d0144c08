import React, { useId, useRef, useState } from 'react';
import { type QueryEditorProps } from '@grafana/data';
import { EditorRows } from '@grafana/plugin-ui';
import { type DataSource } from '../datasource';
import { type Memory, changeType, changeView, remember } from '../query/change';
import { complete, isUntouched } from '../query/defaults';
import { type Place } from '../query/fit';
import { migrate } from '../query/migrate';
import { type Query } from '../query/model.gen';
import { typeProblemOf } from '../query/types';
import { isValid, problemOf } from '../query/validity';
import { t } from '../texts';
import { type NatsOptions, type NatsQuery } from '../types';
import { Builder } from './query/Builder';
import { Chips } from './query/Chips';
import { Header } from './query/Header';
import { JsonMode } from './query/JsonMode';
import { Summary } from './query/Summary';
import { Tools, type Mode } from './query/Tools';
import { ViewHint } from './query/ViewHint';
import { useFresh } from './useFresh';
import { useStored } from './useStored';

type Props = QueryEditorProps<DataSource, NatsQuery, NatsOptions>;

/** Edits one query; every finished change runs it, unless it cannot run yet. */
export default function QueryEditor({ datasource, query: stored, onChange, onRunQuery, app, data }: Props) {
  const id = useId();
  const [mode, setMode] = useState<Mode>('builder');
  const memory = useRef<Memory>({ types: {}, limits: {} });
  const isForm = !typeProblemOf(stored);
  const query = isForm ? complete(migrate(stored)) : stored;
  const problem = problemOf(query);
  const place: Place = { app, panel: data?.request?.panelPluginId };
  useStored(query, stored, app, onChange);
  useFresh(datasource, query.refId, data, () => isValid(query) && onRunQuery());

  const change = (next: NatsQuery) => {
    onChange(next);
    if (isValid(next)) {
      onRunQuery();
    }
  };
  const turn = (next: (memory: Memory) => NatsQuery) => {
    memory.current = remember(memory.current, query);
    change(next(memory.current));
  };
  const choose = (chosen: Query) =>
    change({ ...chosen, refId: query.refId, datasource: query.datasource, hide: query.hide });
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !problem) {
      event.preventDefault();
      onRunQuery();
    }
  };
  const part = { id, query, problem, onChange: change };
  const tools = (
    <Tools
      query={query}
      replaced={() => datasource.applyTemplateVariables(query, {})}
      url={datasource.monitoringUrl}
      mode={isForm ? mode : 'json'}
      onMode={setMode}
    />
  );

  return (
    <div
      role="group"
      aria-label={t('queryEditor.natsConnectionsQuery', 'NATS connections query')}
      onKeyDown={onKeyDown}
    >
      <EditorRows>
        <Header
          {...part}
          tools={tools}
          onType={(type) => turn((before) => changeType(query, type, before))}
          onView={(view) => turn((before) => changeView(query, view, before))}
        />
        {isUntouched(query) && <Chips place={place} onChoose={choose} />}
        {isForm && mode === 'builder' ? <Builder {...part} datasource={datasource} /> : <JsonMode {...part} />}
        <ViewHint query={query} place={place} onChange={change} />
        <Summary query={query} problem={problem} />
      </EditorRows>
    </div>
  );
}
