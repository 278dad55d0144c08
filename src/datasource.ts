import {
  type AdHocVariableFilter,
  type AnnotationSupport,
  type CoreApp,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceGetTagKeysOptions,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  type LogRowContextOptions,
  type LogRowModel,
  type MetricFindValue,
  type QueryFilterOptions,
  type QueryFixAction,
  type ScopedVars,
  type SupplementaryQueryOptions,
  type TimeRange,
  type ToggleFilterAction,
  SupplementaryQueryType,
} from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';
import { lastValueFrom, map, type Observable } from 'rxjs';
import { annotationSupport } from './annotations';
import { withOneNumber } from './barChart';
import { withEvidence } from './evidence';
import { withTimes } from './links';
import { withLinksOut } from './linksOut';
import { contextRequest, nearest, volumeFrames, volumeQuery } from './logs';
import { follow } from './live/follow';
import { asked, tailed } from './live/lead';
import { defaultQuery } from './query/defaults';
import { adHocToFilters, interpolate } from './query/interpolate';
import { migrate } from './query/migrate';
import { type Filter, type Key, KEYS, SPECS, VERSION } from './query/model.gen';
import { summarize } from './query/summary';
import { withTimezone } from './query/timezone';
import { hasFilter, toggleFilter } from './query/toggle';
import { asMeant } from './settings/meant';
import { type Link } from './settings/settings.gen';
import { type NatsOptions, type NatsQuery } from './types';
import { type Seen, fetchValues } from './values';
import { ValuesVariableSupport } from './variables';

/** The browser's side: everything that is answered is answered by the backend. */
export class DataSource extends DataSourceWithBackend<NatsQuery, NatsOptions> {
  annotations: AnnotationSupport<NatsQuery> = annotationSupport;

  /** A server that the command line can ask; the settings may name several, or none over NATS. */
  readonly monitoringUrl?: string;

  private readonly links: Link[];

  constructor(settings: DataSourceInstanceSettings<NatsOptions>) {
    super(settings);
    const { urls, links } = asMeant(settings.jsonData);
    this.monitoringUrl = urls?.[0];
    this.links = links ?? [];
    this.variables = new ValuesVariableSupport(this);
  }

  getDefaultQuery(app: CoreApp): Partial<NatsQuery> {
    return defaultQuery(app);
  }

  /** What is invalid is asked, too: the backend's sentence tells on the panel what is wrong. */
  filterQuery(query: NatsQuery): boolean {
    return !query.hide;
  }

  /** What a query asks, in words: for collapsed rows, history and saved queries. */
  getQueryDisplayText(query: NatsQuery): string {
    return summarize(query);
  }

  query(request: DataQueryRequest<NatsQuery>): Observable<DataQueryResponse> {
    return follow(tailed(request), (one) => this.ask(one)).pipe(
      map((response) => ({
        ...response,
        data: response.data.flatMap((frame) =>
          volumeFrames(
            withLinksOut(
              withEvidence(withTimes(withOneNumber(frame, request), request), this.uid, request),
              this.links,
              request
            )
          )
        ),
      }))
    );
  }

  private ask(request: DataQueryRequest<NatsQuery>): Observable<DataQueryResponse> {
    const targets = request.targets.map((query) => asked(withTimezone(query, request.timezone)));
    return super.query({ ...request, targets });
  }

  applyTemplateVariables(query: NatsQuery, scopedVars: ScopedVars, filters?: AdHocVariableFilter[]): NatsQuery {
    const templates = getTemplateSrv();
    return interpolate(migrate(query), templates.replace.bind(templates), scopedVars, filters);
  }

  interpolateVariablesInQueries(queries: NatsQuery[], scopedVars: ScopedVars, filters?: AdHocVariableFilter[]) {
    return queries.map((query) => ({
      ...asOwn(this.applyTemplateVariables(query, scopedVars, filters)),
      datasource: this.getRef(),
    }));
  }

  getSupportedSupplementaryQueryTypes(): SupplementaryQueryType[] {
    return [SupplementaryQueryType.LogsVolume];
  }

  getSupplementaryQuery({ type }: SupplementaryQueryOptions, query: NatsQuery): NatsQuery | undefined {
    return type === SupplementaryQueryType.LogsVolume ? volumeQuery(query) : undefined;
  }

  getSupplementaryRequest(type: SupplementaryQueryType, request: DataQueryRequest<NatsQuery>) {
    const targets = request.targets.flatMap((query) => this.getSupplementaryQuery({ type }, query) ?? []);
    return targets.length > 0 ? { ...request, targets } : undefined;
  }

  async getLogRowContext(row: LogRowModel, options?: LogRowContextOptions): Promise<DataQueryResponse> {
    const response = await lastValueFrom(this.query(contextRequest(row, options)));
    return { ...response, data: response.data.map((frame) => nearest(frame, options)) };
  }

  toggleQueryFilter(query: NatsQuery, { type, options }: ToggleFilterAction): NatsQuery {
    return toggleFilter(query, type === 'FILTER_FOR' ? '=' : '!=', options.key, options.value);
  }

  queryHasFilter(query: NatsQuery, { key, value }: QueryFilterOptions): boolean {
    return hasFilter(query, key, value);
  }

  /** A cell of Explore's table filters as a label of a log line does. */
  modifyQuery(query: NatsQuery, { type, options }: QueryFixAction): NatsQuery {
    const { key = '', value = '' } = options ?? {};
    const isFilter = type === 'ADD_FILTER' || type === 'ADD_FILTER_OUT';
    return isFilter ? toggleFilter(query, type === 'ADD_FILTER' ? '=' : '!=', key, value) : query;
  }

  /** The known values of a key, asked the way every query is asked. */
  values(key: Key, filters: Filter[] = [], range?: TimeRange): Promise<Seen[]> {
    const target: NatsQuery = { refId: 'values', version: VERSION, queryType: 'values', key, filters };
    return fetchValues((request) => this.query(request), target, range);
  }

  async getTagKeys(options?: DataSourceGetTagKeysOptions<NatsQuery>): Promise<MetricFindValue[]> {
    const types = options?.queries?.map(({ queryType }) => queryType ?? 'stops') ?? ['stops' as const];
    const keys = SPECS.stops.keys.filter((key) => types.some((type) => SPECS[type]?.keys.includes(key)));
    return keys.map((key) => ({ text: key, value: key }));
  }

  getTagValues(options: DataSourceGetTagValuesOptions<NatsQuery>): Promise<MetricFindValue[]> {
    const others = adHocToFilters(
      options.filters.filter(({ key }) => key !== options.key && KEYS.includes(key as Key))
    );
    return this.values(options.key as Key, others, options.timeRange);
  }
}

/** Where the dashboard's filters are taken along with a query, they become its own. */
function asOwn(query: NatsQuery): NatsQuery {
  const filters = Array.isArray(query.filters) ? query.filters.map(({ adHoc, ...filter }) => filter) : query.filters;
  return query.filters ? { ...query, filters } : query;
}
