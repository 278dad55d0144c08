import {
  type DataFrame,
  type DataLink,
  type DataQueryRequest,
  type Field,
  type TimeRange,
  dateTime,
  FieldType,
  locationUtil,
} from '@grafana/data';
import { exploreAddress, textOf } from './links';
import { type Key, KEYS } from './query/model.gen';
import { linkProblem, milliseconds } from './settings/links';
import { type Link } from './settings/settings.gen';
import { type NatsQuery } from './types';

/** Where a link stands if its settings do not say. */
const USUAL_COLUMN = 'cid';

const USUAL_AROUND = '1m';

const PLACEHOLDER = /\$\{(\w+)\}/g;

/** What a row tells of a name; empty where it does not. */
type Row = (name: string) => string;

/** Adds the links of the settings to the columns that they belong to, wherever all that they name is known. */
export function withLinksOut(frame: DataFrame, links: Link[], { range }: DataQueryRequest<NatsQuery>): DataFrame {
  const usable = links.filter((link) => !linkProblem(link) && isOffered(frame, link));
  const targets = usable.map((link, index) => targetsOf(frame, link, `link_${index + 1}`, range));
  const fields = frame.fields.map((field) => {
    const here = usable.flatMap((link, index) => (columnOf(frame, link) === field ? linkTo(link, targets[index]) : []));
    return here.length === 0
      ? field
      : { ...field, config: { ...field.config, links: [...(field.config.links ?? []), ...here] } };
  });
  return usable.length === 0 ? frame : { ...frame, fields: [...fields, ...targets] };
}

function isOffered(frame: DataFrame, link: Link): boolean {
  const { fields } = frame;
  const isKnown = (name: string) =>
    fields.some((field) => field.name === name) || (labelsOf(fields) && KEYS.includes(name as Key));
  const named = [...`${link.url ?? ''}${link.query ?? ''}`.matchAll(PLACEHOLDER)].map(([, name]) => name);
  return frame.length > 0 && columnOf(frame, link) !== undefined && named.every(isKnown);
}

/** Log lines have keys as labels: their links stand with what is unique of a line. */
function columnOf({ fields }: DataFrame, { key = USUAL_COLUMN }: Link): Field | undefined {
  const named = (name: string) => fields.find((field) => field.name === name && field.type !== FieldType.time);
  return named(key) ?? (labelsOf(fields) ? named(USUAL_COLUMN) : undefined);
}

function labelsOf(fields: Field[]): Field | undefined {
  return fields.find(({ name, type }) => name === 'labels' && type === FieldType.other);
}

function rowOf({ fields }: DataFrame, index: number): Row {
  const labels = labelsOf(fields)?.values[index] as Record<string, string> | undefined;
  return (name) => String(fields.find((field) => field.name === name)?.values[index] ?? labels?.[name] ?? '');
}

/** The addresses of all rows, ready to be opened: Grafana would not know what to escape for whom. */
function targetsOf(frame: DataFrame, link: Link, name: string, range: TimeRange): Field {
  const values = Array.from({ length: frame.length }, (_, index) =>
    link.url
      ? pageOf(link.url, rowOf(frame, index))
      : exploreOf(link, rowOf(frame, index), rangeOf(frame, link, index, range))
  );
  const hidden = { hidden: true, hideFrom: { viz: true, legend: true, tooltip: true } };
  return { name, type: FieldType.string, config: { custom: hidden }, values };
}

function linkTo({ title }: Link, { name }: Field): DataLink {
  return { title, url: `\${__data.fields["${name}"]:raw}`, targetBlank: true };
}

function pageOf(url: string, row: Row): string {
  return locationUtil.assureBaseUrl(url.replace(PLACEHOLDER, (_, name) => encodeURIComponent(row(name))));
}

function exploreOf({ datasource, query = '' }: Link, row: Row, range: TimeRange['raw']): string {
  const fill = (text: string) => text.replace(PLACEHOLDER, (_, name) => insideQuotes(row(name)));
  return locationUtil.assureBaseUrl(exploreAddress(datasource ?? '', queryOf(query, fill), textOf(range)));
}

/** A query as JSON is taken as it is; a text stands where data sources of logs have theirs. */
function queryOf(query: string, fill: (text: string) => string): object {
  const whole = asObject(query);
  return whole ? filled(whole, fill) : { expr: fill(query), query: fill(query) };
}

function asObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}

function filled(value: object, fill: (text: string) => string): object {
  return JSON.parse(JSON.stringify(value), (_, member: unknown) =>
    typeof member === 'string' ? fill(member) : member
  );
}

/** Clients choose their names: they must not end the text of a query that they stand in. */
function insideQuotes(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('`', '.');
}

function rangeOf({ fields }: DataFrame, link: Link, index: number, range: TimeRange): TimeRange['raw'] {
  const at: unknown = fields.find(({ name, type }) => type === FieldType.time && /^(time|timestamp)$/.test(name))
    ?.values[index];
  const around = milliseconds(link.around ?? USUAL_AROUND);
  if (typeof at !== 'number' || around === undefined) {
    return range.raw;
  }
  return { from: dateTime(at - around), to: dateTime(at + around) };
}
