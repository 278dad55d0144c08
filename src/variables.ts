import { type DataQueryRequest, type DataQueryResponse, CustomVariableSupport } from '@grafana/data';
import { type Observable } from 'rxjs';
import { VariableEditor } from './components/lazy';
import { type DataSource } from './datasource';
import { VERSION } from './query/model.gen';
import { type NatsOptions, type NatsQuery } from './types';

/** Dashboard variables list the known values of a key. */
export class ValuesVariableSupport extends CustomVariableSupport<DataSource, NatsQuery, NatsQuery, NatsOptions> {
  editor = VariableEditor;

  constructor(private readonly datasource: DataSource) {
    super();
  }

  getDefaultQuery(): Partial<NatsQuery> {
    return { version: VERSION, queryType: 'values', key: 'account' };
  }

  query(request: DataQueryRequest<NatsQuery>): Observable<DataQueryResponse> {
    const targets = request.targets.map((target) => ({
      ...this.getDefaultQuery(),
      ...target,
      queryType: 'values' as const,
      refId: target.refId || 'values',
    }));
    return this.datasource.query({ ...request, targets });
  }
}
