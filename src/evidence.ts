import { type DataFrame, type DataQueryRequest, type Field, CoreApp, locationUtil } from '@grafana/data';
import { textOf } from './links';
import { literalFilter } from './query/interpolateFilter';
import { t } from './texts';
import { type NatsQuery } from './types';

/** What a finding’s evidence is asked for with. */
interface Evidence {
  query: NatsQuery;
  from?: number;
  to?: number;
}

/** Findings lead to what shows them: each row has a question of its own, and mostly a time. */
export function withEvidence(frame: DataFrame, uid: string, { range, app }: DataQueryRequest<NatsQuery>): DataFrame {
  if (!frame.fields.some(isEvidence)) {
    return frame;
  }
  const address = (text: string): string => {
    const { query, from, to }: Evidence = JSON.parse(text);
    const asked = { ...query, refId: 'A', datasource: { uid }, filters: query.filters?.map(literalFilter) };
    const time = from && to ? { from: String(from), to: String(to) } : textOf(range.raw);
    // Explore, if it is open already, goes by panes alone.
    const panes = JSON.stringify({ a: { datasource: uid, queries: [asked], range: time } });
    return locationUtil.assureBaseUrl(`/explore?schemaVersion=1&panes=${encodeURIComponent(panes)}`);
  };
  // Explore's tables are wide, and the count is far from what is read first.
  const linked = app === CoreApp.Explore ? ['finding', 'count'] : ['count'];
  const link = {
    title: t('links.showTheRecordsThatAre', 'Show the records that are evidence'),
    url: '${__data.fields["evidence"]:raw}',
  };
  const fields = frame.fields.map((field) => {
    if (isEvidence(field)) {
      return { ...field, values: field.values.map(address) };
    }
    return linked.includes(field.name) ? { ...field, config: { ...field.config, links: [link] } } : field;
  });
  return { ...frame, fields };
}

const isEvidence = ({ name }: Field) => name === 'evidence';
