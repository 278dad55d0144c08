import {
  type AdHocVariableFilter,
  type AnnotationSupport,
  type CoreApp,
  type DataSourceGetTagKeysOptions,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  type MetricFindValue,
  type ScopedVars,
  type TimeRange,
} from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';
import { annotationSupport } from './annotations';
import { defaultQuery } from './query/defaults';
import { adHocToFilters, interpolate } from './query/interpolate';
import { migrate } from './query/migrate';
import { type Filter, type Key, KEYS, SPECS, VERSION } from './query/model.gen';
import { type NatsOptions, type NatsQuery } from './types';
import { fetchValues } from './values';
import { ValuesVariableSupport } from './variables';

/** The browser's side: everything that is answered is answered by the backend. */
export class DataSource extends DataSourceWithBackend<NatsQuery, NatsOptions> {
  annotations: AnnotationSupport<NatsQuery> = annotationSupport;

  constructor(settings: DataSourceInstanceSettings<NatsOptions>) {
    super(settings);
    this.variables = new ValuesVariableSupport(this);
  }

  getDefaultQuery(app: CoreApp): Partial<NatsQuery> {
    return defaultQuery(app);
  }

  /** What is invalid is asked, too: the backend's sentence tells on the panel what is wrong. */
  filterQuery(query: NatsQuery): boolean {
    return !query.hide;
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

  /** The known values of a key, asked the way every query is asked. */
  values(key: Key, filters: Filter[] = [], range?: TimeRange): Promise<MetricFindValue[]> {
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
