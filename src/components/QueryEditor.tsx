import React, { useId } from 'react';
import { type QueryEditorProps } from '@grafana/data';
import { EditorRow, EditorRows } from '@grafana/plugin-ui';
import { type DataSource } from '../datasource';
import { complete, hasRows } from '../query/defaults';
import { migrate } from '../query/migrate';
import { SPECS } from '../query/model.gen';
import { isValid, problemOf } from '../query/validity';
import { type NatsOptions, type NatsQuery } from '../types';
import { Filters } from './query/Filters';
import { GroupBy } from './query/GroupBy';
import { Header } from './query/Header';
import { Interval } from './query/Interval';
import { Limit } from './query/Limit';
import { Sorting } from './query/Sorting';
import { Summary } from './query/Summary';

type Props = QueryEditorProps<DataSource, NatsQuery, NatsOptions>;

/** Edits one query; every finished change runs it, unless it cannot run yet. */
export default function QueryEditor({ datasource, query: stored, onChange, onRunQuery }: Props) {
  const id = useId();
  const query = complete(migrate(stored));
  const problem = problemOf(query);
  const spec = SPECS[query.queryType] ?? SPECS.stops;

  const change = (next: NatsQuery) => {
    onChange(next);
    if (isValid(next)) {
      onRunQuery();
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !problem) {
      event.preventDefault();
      onRunQuery();
    }
  };
  const part = { id, query, problem, onChange: change };
  const sorts = query.view && spec.sorts[query.view];

  return (
    <div role="group" aria-label="NATS connections query" onKeyDown={onKeyDown}>
      <EditorRows>
        <Header {...part} />
        <EditorRow>
          {!hasRows(query.view) && <GroupBy {...part} />}
          {query.view === 'timeseries' && <Interval {...part} />}
          {sorts && sorts.length > 0 && <Sorting {...part} columns={sorts} />}
          <Limit {...part} />
        </EditorRow>
        <EditorRow>
          <Filters {...part} keys={spec.keys} datasource={datasource} />
        </EditorRow>
        <Summary query={query} problem={problem} />
      </EditorRows>
    </div>
  );
}
