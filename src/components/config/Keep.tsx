import React from 'react';
import { Field } from '@grafana/ui';
import { KEEP_AGE } from '../../settings/durations';
import { countProblem } from '../../settings/history';
import { KEEP_COUNT } from '../../settings/settings.gen';
import { t } from '../../texts';
import { type Keep as Kept } from '../../types';
import { CommitInput } from '../CommitInput';
import { Column } from './Column';
import { Duration } from './Duration';

interface Props {
  keep: Kept;
  readOnly: boolean;
  onChange: (keep: Kept | undefined) => void;
}

/** How much Grafana's memory keeps. */
export function Keep({ keep, readOnly, onChange }: Props) {
  const { age, count } = keep;
  const problem = count === undefined ? undefined : countProblem(count);
  const change = (part: Kept) => {
    const next = { ...keep, ...part };
    onChange(Object.values(next).some((value) => value !== undefined) ? next : undefined);
  };
  return (
    <Column>
      <Duration
        id="keep-age"
        label={t('keep.keepInMemoryFor', 'Keep in memory for')}
        description={t('keep.whatIsOlder', 'What is older is dropped.')}
        value={age}
        limits={KEEP_AGE}
        readOnly={readOnly}
        onCommit={(text) => change({ age: text })}
      />
      <Field
        noMargin
        label={t('keep.recordsInMemory', 'Records in memory, at most')}
        description={t('keep.aMillionTakes', 'A million takes about 100 MB.')}
        htmlFor="keep-count"
        invalid={Boolean(problem)}
        error={problem}
      >
        <CommitInput
          id="keep-count"
          type="number"
          width={20}
          min={KEEP_COUNT.min}
          max={KEEP_COUNT.max}
          disabled={readOnly}
          placeholder={String(KEEP_COUNT.fallback)}
          value={count?.toString() ?? ''}
          onCommit={(text) => change({ count: text ? Number(text) : undefined })}
        />
      </Field>
    </Column>
  );
}
