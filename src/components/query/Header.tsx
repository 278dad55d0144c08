import React from 'react';
import { type SelectableValue } from '@grafana/data';
import { EditorHeader, InlineSelect } from '@grafana/plugin-ui';
import { changeType, changeView } from '../../query/change';
import { SPECS } from '../../query/model.gen';
import { METRIC_WORDS, TYPE_WORDS, VIEW_WORDS, type AskableType, type Words } from '../../query/words';
import { type Part } from './part';

const TYPES = Object.keys(TYPE_WORDS) as AskableType[];

/** What is asked, in which shape, and which number. */
export function Header({ id, query, onChange }: Part) {
  const spec = SPECS[query.queryType] ?? SPECS.stops;
  const hasMetric = spec.metrics.length > 1 && (query.view === 'timeseries' || query.view === 'totals');
  return (
    <EditorHeader>
      <InlineSelect
        label="Query type"
        inputId={`${id}-type`}
        aria-label="Query type"
        options={optionsOf(TYPES, TYPE_WORDS)}
        value={query.queryType}
        onChange={({ value = 'stops' }) => onChange(changeType(query, value))}
      />
      <InlineSelect
        label="View"
        inputId={`${id}-view`}
        aria-label="View"
        options={optionsOf(spec.views, VIEW_WORDS)}
        value={query.view}
        onChange={({ value = spec.views[0] }) => onChange(changeView(query, value))}
      />
      {hasMetric && (
        <InlineSelect
          label="Metric"
          inputId={`${id}-metric`}
          aria-label="Metric"
          options={optionsOf(spec.metrics, METRIC_WORDS)}
          value={query.metric}
          onChange={({ value }) => onChange({ ...query, metric: value })}
        />
      )}
    </EditorHeader>
  );
}

function optionsOf<T extends string>(values: readonly T[], words: Record<T, Words>): Array<SelectableValue<T>> {
  return values.map((value) => ({ value, ...words[value] }));
}
