import React from 'react';
import { Button } from '@grafana/ui';

interface Props {
  /** What is removed, as the label says it. */
  name: string;
  disabled: boolean;
  onClick: () => void;
}

/** Removes one entry of a list, at the end of its input. */
export function RemoveButton({ name, disabled, onClick }: Props) {
  return (
    <Button
      icon="trash-alt"
      variant="secondary"
      type="button"
      aria-label={`Remove ${name}`}
      disabled={disabled}
      onClick={onClick}
    />
  );
}
