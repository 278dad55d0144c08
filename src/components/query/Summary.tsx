import React from 'react';
import { Text } from '@grafana/ui';
import { summarize } from '../../query/summary';
import { type Problem } from '../../query/validity';
import { t } from '../../texts';
import { type NatsQuery } from '../../types';

interface Props {
  query: NatsQuery;
  problem?: Problem;
}

/** What the query asks, or why it does not run. */
export function Summary({ query, problem }: Props) {
  return (
    <div role="status" aria-label={t('summary.whatIsAsked', 'What is asked')}>
      <Text element="p" variant="bodySmall" color={problem ? 'error' : 'secondary'}>
        {problem ? whyNot(problem) : `${summarize(query)}.`}
      </Text>
    </div>
  );
}

/** The header has no room for a sentence; every other field shows its own. */
function whyNot({ field, sentence }: Problem): string {
  return ['version', 'queryType', 'view', 'metric'].includes(field)
    ? sentence
    : t('summary.correctTheMarkedField', 'Correct the marked field first.');
}
