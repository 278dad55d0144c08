import { type DataFrame, type DataQueryRequest, FieldType } from '@grafana/data';
import { type NatsQuery } from './types';

/**
 * A bar chart draws every number of a table beside the others, on an axis for each unit, whatever the data source says is
 * hidden. So it gets the one number that is asked for, which stands first.
 */
export function withOneNumber(frame: DataFrame, { panelPluginId }: DataQueryRequest<NatsQuery>): DataFrame {
  if (panelPluginId !== 'barchart' || frame.meta?.type !== 'numeric-long') {
    return frame;
  }
  const asked = frame.fields.find(({ type }) => type === FieldType.number);
  return { ...frame, fields: frame.fields.filter((field) => field.type !== FieldType.number || field === asked) };
}
