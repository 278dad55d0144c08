/** What several panels share: thresholds, overrides, value mappings, columns. */
import {
  type DynamicConfigValue,
  type Threshold,
  type ValueMap,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';

import { type Severity, SEVERITY_COLOURS } from '../src/query/reasons.gen';

export const BAD = SEVERITY_COLOURS.critical;
export const WORSE = SEVERITY_COLOURS.error;
export const DOUBTFUL = SEVERITY_COLOURS.warning;
/** Neither good nor bad. */
export const PLAIN = 'text';

/** Marks differ in form as well as in colour. */
export const MARKS: Record<Severity, string> = { critical: '◆', error: '▲', warning: '■', info: '●' };
export const MARKS_EXPLAINED = '◆ critical, ▲ error, ■ warning, ● info.';

/** What stands where a number is not known: missing is not zero. */
export const UNKNOWN = 'unknown';

/** Colours from the given values on; the first step starts below everything. */
export function thresholds(first: string, ...steps: Array<[from: number, color: string]>): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(thresholdSteps(first, ...steps));
}

function thresholdSteps(first: string, ...steps: Array<[from: number, color: string]>): Threshold[] {
  return [{ value: null, color: first }, ...steps.map(([value, color]) => ({ value, color }))];
}

export const named = (displayName: string): DynamicConfigValue => ({ id: 'displayName', value: displayName });
export const unit = (name: string): DynamicConfigValue => ({ id: 'unit', value: name });
export const steps = (first: string, ...more: Array<[from: number, color: string]>): DynamicConfigValue => ({
  id: 'thresholds',
  value: { mode: ThresholdsMode.Absolute, steps: thresholdSteps(first, ...more) },
});

/** Texts for single values. */
export function mapped(options: ValueMap['options']): DynamicConfigValue {
  const mapping: ValueMap = { type: MappingType.ValueToText, options };
  return { id: 'mappings', value: [mapping] };
}

/** What a division by nothing is called. */
export const notANumber = (text: string): DynamicConfigValue => ({
  id: 'mappings',
  value: [{ type: MappingType.SpecialValue, options: { match: 'nan', result: { text } } }],
});

/** A column of a table: the frame's name of it, what people read above it, how wide it is, and what else is set. */
export interface Column {
  name: string;
  title: string;
  width?: number;
  more?: DynamicConfigValue[];
}

export const column = (name: string, title: string, width?: number, ...more: DynamicConfigValue[]): Column => ({
  name,
  title,
  width,
  more,
});

/** How bad it is, as a mark in the severity's colour; the text beside it keeps the text's. */
export const severityMark: Column = column(
  'severity',
  'Severity',
  72,
  mapped(
    Object.fromEntries(
      (Object.keys(MARKS) as Severity[]).map((severity, index) => [
        severity,
        { text: MARKS[severity], color: SEVERITY_COLOURS[severity], index },
      ])
    )
  ),
  { id: 'color', value: { mode: 'fixed', fixedColor: PLAIN } },
  { id: 'custom.cellOptions', value: { type: 'color-text' } },
  { id: 'custom.align', value: 'center' }
);

export const WRAPPED: DynamicConfigValue = { id: 'custom.wrapText', value: true };
export const AGO: DynamicConfigValue = unit('dateTimeFromNow');

/** A cell that leads on. */
export const leads = (title: string, url: string): DynamicConfigValue => ({ id: 'links', value: [{ title, url }] });

export function overridesOf({ title, width, more = [] }: Column): DynamicConfigValue[] {
  return [named(title), ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]), ...more];
}

/** Only these columns, in this order. Fields that tooltips and links read stay with the table, although not shown. */
export const onlyColumns = (names: string[]) => [
  { id: 'filterFieldsByName', options: { include: { names } } },
  { id: 'organize', options: { indexByName: Object.fromEntries(names.map((name, index) => [name, index])) } },
];
