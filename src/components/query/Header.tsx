import React from 'react';
import { type SelectableValue } from '@grafana/data';
import { EditorHeader, FlexItem, InlineSelect } from '@grafana/plugin-ui';
import { type QueryType, type View, SPECS } from '../../query/model.gen';
import { partOf } from '../../query/parts';
import { metricWords, TYPE_WORDS, typeWords, viewWords, type AskableType, type Words } from '../../query/words';
import { t } from '../../texts';
import { type Part } from './part';

const TYPES = Object.keys(TYPE_WORDS) as AskableType[];

interface Props extends Part {
  tools: React.ReactNode;
  onType: (type: QueryType) => void;
  onView: (view: View) => void;
}

/** What is asked, in which shape, and which number. */
export function Header({ id, query, onChange, onType, onView, tools }: Props) {
  const spec = SPECS[query.queryType] ?? SPECS.stops;
  const { metrics } = partOf(query.queryType, query.view);
  const hasMetric = metrics.length > 1 && (query.view === 'timeseries' || query.view === 'totals');
  return (
    <EditorHeader>
      <InlineSelect
        label={t('header.queryType', 'Query type')}
        inputId={`${id}-type`}
        aria-label={t('header.queryType', 'Query type')}
        options={optionsOf(TYPES, typeWords)}
        value={query.queryType}
        onChange={({ value = 'stops' }) => onType(value)}
      />
      <InlineSelect
        label={t('header.view', 'View')}
        inputId={`${id}-view`}
        aria-label={t('header.view', 'View')}
        options={optionsOf(spec.views, viewWords)}
        value={query.view}
        onChange={({ value = spec.views[0] }) => onView(value)}
      />
      {hasMetric && (
        <InlineSelect
          label={t('header.metric', 'Metric')}
          inputId={`${id}-metric`}
          aria-label={t('header.metric', 'Metric')}
          options={optionsOf(metrics, metricWords)}
          value={query.metric}
          onChange={({ value }) => onChange({ ...query, metric: value })}
        />
      )}
      <FlexItem grow={1} />
      {tools}
    </EditorHeader>
  );
}

function optionsOf<T extends string>(values: readonly T[], words: (value: T) => Words): Array<SelectableValue<T>> {
  return values.map((value) => ({ value, ...words(value) }));
}
