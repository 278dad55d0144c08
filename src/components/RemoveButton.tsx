import React from 'react';
import { Button } from '@grafana/ui';

interface Props {
  /** What is removed, in words. */
  label: string;
  disabled: boolean;
  onClick: () => void;
}

/** Removes one entry of a list, at the end of its input. */
export function RemoveButton({ label, disabled, onClick }: Props) {
  return (
    <Button
      icon="trash-alt"
      variant="secondary"
      type="button"
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    />
  );
}
