/** What several panels share: thresholds, overrides, value mappings. */
import {
  type DynamicConfigValue,
  type Threshold,
  type ValueMap,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Colours from the given values on; the first step starts below everything. */
export function thresholds(first: string, ...steps: Array<[from: number, color: string]>): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(thresholdSteps(first, ...steps));
}

export function thresholdSteps(first: string, ...steps: Array<[from: number, color: string]>): Threshold[] {
  return [{ value: null, color: first }, ...steps.map(([value, color]) => ({ value, color }))];
}

/** A column by its name for people, and how wide it is. */
export function column(name: string, width?: number): DynamicConfigValue[] {
  return [{ id: 'displayName', value: name }, ...(width === undefined ? [] : [{ id: 'custom.width', value: width }])];
}

/** A column whose cells are coloured by thresholds. */
export function coloured(first: string, ...steps: Array<[from: number, color: string]>): DynamicConfigValue[] {
  return [
    { id: 'thresholds', value: { mode: ThresholdsMode.Absolute, steps: thresholdSteps(first, ...steps) } },
    { id: 'color', value: { mode: 'thresholds' } },
    { id: 'custom.cellOptions', value: { type: 'color-text' } },
  ];
}

export const fixedColour = (fixedColor: string): DynamicConfigValue => ({
  id: 'color',
  value: { mode: 'fixed', fixedColor },
});

/** Texts for single values. */
export function mapped(options: ValueMap['options']): DynamicConfigValue {
  const mapping: ValueMap = { type: MappingType.ValueToText, options };
  return { id: 'mappings', value: [mapping] };
}

/** A cell that narrows the whole dashboard to its value. */
export function narrows(variable: string): DynamicConfigValue {
  return {
    id: 'links',
    value: [
      {
        title: `Only this ${variable}`,
        url: `/d/\${__dashboard.uid}?\${datasource:queryparam}&\${__url_time_range}&var-${variable}=\${__value.raw:percentencode}`,
      },
    ],
  };
}

/** Only these columns of a wide table. Fields that tooltips and links read stay with it, although not shown. */
export const onlyColumns = (...names: string[]) => ({
  id: 'filterFieldsByName',
  options: { include: { names } },
});
