import React from 'react';
import { EditorRow } from '@grafana/plugin-ui';
import { type DataSource } from '../../datasource';
import { hasRows, isFindingList } from '../../query/defaults';
import { SPECS } from '../../query/model.gen';
import { partOf } from '../../query/parts';
import { isFollowable } from '../../query/validity';
import { Filters } from './Filters';
import { GroupBy } from './GroupBy';
import { Interval } from './Interval';
import { Live } from './Live';
import { Limit } from './Limit';
import { type Part } from './part';
import { Sorting } from './Sorting';

/** The fields that the query's type and view have. */
export function Builder({ datasource, ...part }: Part & { datasource: DataSource }) {
  const { queryType, view } = part.query;
  const spec = SPECS[queryType] ?? SPECS.stops;
  const sorts = view && spec.sorts[view];
  return (
    <>
      <EditorRow>
        {!hasRows(view) && !isFindingList(queryType, view) && <GroupBy {...part} />}
        {view === 'timeseries' && <Interval {...part} />}
        {sorts && sorts.length > 0 && <Sorting {...part} columns={sorts} />}
        <Limit {...part} />
        {isFollowable(part.query) && <Live {...part} />}
      </EditorRow>
      <EditorRow>
        <Filters {...part} keys={partOf(queryType, view).keys} datasource={datasource} />
      </EditorRow>
    </>
  );
}
