import { type DataQueryRequest, type DataQueryResponse, CustomVariableSupport } from '@grafana/data';
import { map, type Observable } from 'rxjs';
import { VariableEditor } from './components/lazy';
import { type DataSource } from './datasource';
import { MAX_LIMIT, VERSION } from './query/model.gen';
import { t } from './texts';
import { type NatsOptions, type NatsQuery } from './types';
import { valuesIn } from './values';

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
    return this.datasource.query({ ...request, targets }).pipe(map(refuseCutLists));
  }
}

/** A list that was cut must not stand for all of it, as it would under “All”. */
function refuseCutLists(response: DataQueryResponse): DataQueryResponse {
  if (valuesIn(response.data).length < MAX_LIMIT) {
    return response;
  }
  const message = t(
    'variables.tooMany',
    'More than {{most, number}} values are too many for a variable; narrow them with a filter.',
    { most: MAX_LIMIT }
  );
  return { ...response, data: [], errors: [{ message }] };
}
