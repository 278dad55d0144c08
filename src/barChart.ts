import { type DataFrame, type DataQueryRequest, FieldType } from '@grafana/data';
import { type NatsQuery } from './types';

/**
 * A bar chart draws every number of a table beside the others, on an axis for each unit. It gets the one that is asked for,
 * which stands first; the others stay in the frame, hidden, for what reads it.
 */
export function withOneNumber(frame: DataFrame, { panelPluginId }: DataQueryRequest<NatsQuery>): DataFrame {
  if (panelPluginId !== 'barchart' || frame.meta?.type !== 'numeric-long') {
    return frame;
  }
  const asked = frame.fields.find(({ type }) => type === FieldType.number);
  const fields = frame.fields.map((field) =>
    field.type !== FieldType.number || field === asked
      ? field
      : { ...field, config: { ...field.config, custom: { ...field.config.custom, hideFrom: HIDDEN } } }
  );
  return { ...frame, fields };
}

const HIDDEN = { viz: true, legend: true, tooltip: true };
