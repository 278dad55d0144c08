import React, { useState } from 'react';
import { Input } from '@grafana/ui';

interface Props extends Omit<
  React.ComponentProps<typeof Input>,
  'value' | 'onChange' | 'onBlur' | 'onKeyDown' | 'ref'
> {
  value: string;
  onCommit: (text: string) => void;
}

/** A text input that reports once the text is finished: on Enter, or when it is left. */
export function CommitInput({ value, onCommit, ...rest }: Props) {
  const [draft, setDraft] = useState<string>();
  const commit = () => {
    setDraft(undefined);
    if (draft !== undefined && draft.trim() !== value) {
      onCommit(draft.trim());
    }
  };
  return (
    <Input
      {...rest}
      value={draft ?? value}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
