import React, { useId } from 'react';
import { type QueryEditorProps } from '@grafana/data';
import { EditorField, EditorRow, EditorRows } from '@grafana/plugin-ui';
import { Combobox } from '@grafana/ui';
import { type DataSource } from '../datasource';
import { complete } from '../query/defaults';
import { type Key, SPECS } from '../query/model.gen';
import { problemOf } from '../query/validity';
import { t } from '../texts';
import { type NatsOptions, type NatsQuery } from '../types';
import { Filters } from './query/Filters';
import { problemAt } from './query/part';
import { Summary } from './query/Summary';
import { keyOptions } from './options';
import { useSuccession } from './useSuccession';

type Props = QueryEditorProps<DataSource, NatsQuery, NatsOptions>;

/** Chooses the key whose known values a dashboard variable lists. */
export default function VariableEditor({ datasource, query: stored, onChange }: Props) {
  const id = useId();
  const query = complete({ ...stored, key: stored.key || 'account', queryType: 'values' as const });
  const problem = problemOf(query);
  useSuccession(datasource, query, () => onChange(query));
  return (
    <EditorRows>
      <EditorRow>
        <EditorField
          label={t('variableEditor.valuesOf', 'Values of')}
          htmlFor={`${id}-key`}
          {...problemAt(problem, 'key')}
        >
          <Combobox<string>
            id={`${id}-key`}
            options={keyOptions(SPECS.values.keys)}
            value={query.key}
            width={24}
            onChange={({ value }) => onChange({ ...query, key: value as Key })}
          />
        </EditorField>
        <Filters
          id={id}
          query={query}
          problem={problem}
          keys={SPECS.values.keys}
          datasource={datasource}
          onChange={onChange}
        />
      </EditorRow>
      <Summary query={query} problem={problem} />
    </EditorRows>
  );
}
