/** Grafana's data frames: in the shape of Grafana's own JSON, read from Arrow, which is what plugins send. */
import { RecordBatchReader, type Vector } from 'apache-arrow';

export interface ValueMapping {
  type: string;
  options: Record<string, { color?: string; text?: string }>;
}

export interface Field {
  name: string;
  type?: string;
  labels?: Record<string, string>;
  config?: {
    displayName?: string;
    displayNameFromDS?: string;
    unit?: string;
    color?: { fixedColor?: string };
    mappings?: ValueMapping[];
    custom?: { hideFrom?: { viz?: boolean } };
  };
}

export type Value = string | number | boolean | null | object;

export interface Notice {
  severity?: string;
  text: string;
  link?: string;
}

export interface Frame {
  schema: {
    name?: string;
    refId?: string;
    fields: Field[];
    meta?: {
      type?: string;
      notices?: Notice[];
      executedQueryString?: string;
      preferredVisualisationType?: string;
      channel?: string;
      custom?: { live?: { channel: string; question?: object } };
    };
  };
  data: { values: Value[][] };
}

/** A message of a stream: the schema is there when it changed. */
export interface Packet {
  schema?: Frame['schema'];
  data: { values: Value[][] };
  live: { run: string; number: number; more?: boolean };
}

/** The answer to one query. */
export interface Result {
  status?: number;
  error?: string;
  errorSource?: string;
  frames?: Frame[];
}

/** Reads a frame as the plugin sends it. Times become milliseconds with their fractions, numbers of 64 bits numbers. */
export function readFrame(arrow: Uint8Array): Frame {
  // A Table of apache-arrow would take series for one column, since they have one name and differ in their labels.
  const reader = RecordBatchReader.from(arrow).open();
  const { metadata, fields } = reader.schema;
  const batches = [...reader];
  return {
    schema: {
      name: metadata.get('name'),
      refId: metadata.get('refId'),
      fields: fields.map(({ name, metadata: of }) => ({
        name,
        type: of.get('tstype'),
        ...parsed('labels', of.get('labels')),
        ...parsed('config', of.get('config')),
      })),
      ...parsed('meta', metadata.get('meta')),
    },
    data: { values: fields.map((_, i) => batches.flatMap((batch) => valuesOf(batch.getChildAt(i)))) },
  };
}

function parsed(key: string, json: string | undefined): object {
  return json === undefined ? {} : { [key]: JSON.parse(json) as unknown };
}

function valuesOf(column: Vector | null): Value[] {
  return Array.from(column ?? [], (value: Value | bigint) => (typeof value === 'bigint' ? Number(value) : value));
}

/** What a person calls the field. */
export function fieldName({ name, labels, config }: Field): string {
  const labelled = Object.values(labels ?? {}).join(' · ');
  return config?.displayName ?? config?.displayNameFromDS ?? (labelled || name);
}

/** The colour that the data source gave a value, or nothing. */
export function colourOf({ config }: Field, value: Value): string | undefined {
  for (const { options } of config?.mappings ?? []) {
    const colour = options[String(value)]?.color;
    if (colour) {
      return colour;
    }
  }
  return config?.color?.fixedColor;
}
