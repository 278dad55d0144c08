/** Grafana's data-frame JSON, as far as the terminal shows it. */

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

export interface Frame {
  schema: {
    name?: string;
    fields: Field[];
    meta?: {
      type?: string;
      notices?: Array<{ severity?: string; text: string }>;
    };
  };
  data: { values: Value[][] };
}

export interface Result {
  status?: number;
  error?: string;
  frames?: Frame[];
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
