import React from 'react';
import { Field } from '@grafana/ui';
import { type Limits, durationProblem } from '../../settings/durations';
import { CommitInput } from '../CommitInput';

interface Props {
  id: string;
  label: string;
  description: string;
  value: string | undefined;
  limits: Limits;
  readOnly: boolean;
  /** Nothing is what an empty input means. */
  onCommit: (text: string | undefined) => void;
}

/** A duration, as Go writes it; nothing is what is proposed. */
export function Duration({ id, label, description, value, limits, readOnly, onCommit }: Props) {
  const problem = value ? durationProblem(value, limits) : undefined;
  return (
    <Field noMargin label={label} description={description} htmlFor={id} invalid={Boolean(problem)} error={problem}>
      <CommitInput
        id={id}
        width={12}
        disabled={readOnly}
        placeholder={limits.fallback}
        value={value ?? ''}
        onCommit={(text) => onCommit(text || undefined)}
      />
    </Field>
  );
}
