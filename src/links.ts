import {
  type DataFrame,
  type DataLink,
  type DataLinkClickEvent,
  type DataQueryRequest,
  type Field,
  type TimeRange,
  CoreApp,
  FieldType,
  serializeStateToUrlParam,
} from '@grafana/data';
import { literalFilter } from './query/interpolateFilter';
import { type Filter } from './query/model.gen';
import { t } from './texts';
import { type NatsQuery } from './types';

/** The links of the answer to their records keep the time they are about; Explore does that by itself. */
export function withTimes(frame: DataFrame, { range, app }: DataQueryRequest<NatsQuery>): DataFrame {
  const times = frame.fields.find(({ type }) => type === FieldType.time);
  const isSeries = frame.meta?.type === 'timeseries-wide' && times;
  const toRecords = (link: DataLink, field: Field): DataLink => {
    if (!link.internal) {
      return link;
    }
    const query = { ...link.internal.query, filters: tidy(link.internal.query.filters ?? []) };
    const internal = { ...link.internal, query, range };
    const titled = { ...link, title: titleOf(link, field), internal };
    return isSeries && app !== CoreApp.Explore ? toOneBar(titled, times, range) : titled;
  };
  const fields = frame.fields.map((field) =>
    field.config.links?.length
      ? { ...field, config: { ...field.config, links: field.config.links.map((link) => toRecords(link, field)) } }
      : field
  );
  return { ...frame, fields };
}

/** Series are told apart by name: a tooltip may offer the links of several. */
function titleOf({ title }: DataLink, { config }: Field): string {
  return config.displayNameFromDS
    ? t('links.recordsOf', 'Records of {{group}}', { group: '${__field.displayName}' })
    : title;
}

/** What a group says of a key is narrower than what the query asked for it. */
function tidy(filters: Filter[]): Filter[] {
  const narrower = (filter: Filter, index: number) =>
    filters.slice(index + 1).some(({ key, operator }) => key === filter.key && operator === '=');
  return filters
    .filter((filter, index) => !narrower(filter, index))
    .map(({ adHoc, ...filter }) => (isOfRow(filter) ? filter : literalFilter(filter)));
}

/** Grafana puts a row's own values in when the link is followed. */
function isOfRow({ values }: Filter): boolean {
  return values.some((value) => String(value).startsWith('${__data.'));
}

/** Narrows a link to the interval that was clicked; internal links know of one time range only. */
function toOneBar({ internal, ...link }: DataLink, times: Field, range: TimeRange): DataLink {
  const width = times.config.interval ?? Number(times.values[1] ?? range.to.valueOf()) - Number(times.values[0]);
  const onBuildUrl = ({ replaceVariables }: DataLinkClickEvent) => {
    const from = Number(replaceVariables?.('${__value.time}') || Number.NaN);
    const clicked = Number.isNaN(from) ? range.raw : { from: String(from), to: String(from + width - 1) };
    const { query, datasourceUid } = internal!;
    return exploreAddress(datasourceUid, query, textOf(clicked));
  };
  return { ...link, onBuildUrl };
}

/** Where Explore asks this. */
export function exploreAddress(uid: string, query: object, range: ReturnType<typeof textOf>): string {
  const pane = { datasource: uid, queries: [{ refId: 'A', ...query, datasource: { uid } }], range };
  return `/explore?left=${encodeURIComponent(serializeStateToUrlParam(pane))}`;
}

/** A range for an address. */
export function textOf({ from, to }: TimeRange['raw']) {
  const text = (time: TimeRange['raw']['from']) => (typeof time === 'string' ? time : String(time.valueOf()));
  return { from: text(from), to: text(to) };
}
