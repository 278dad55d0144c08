import React from 'react';
import { Field, Switch } from '@grafana/ui';

interface Props {
  id: string;
  label: string;
  description: string;
  isOn: boolean;
  readOnly: boolean;
  onChange: (on: boolean) => void;
}

/** A switch with a sentence on what it does. */
export function Toggle({ id, label, description, isOn, readOnly, onChange }: Props) {
  return (
    <Field noMargin label={label} description={description} htmlFor={id}>
      <Switch id={id} value={isOn} disabled={readOnly} onChange={(event) => onChange(event.currentTarget.checked)} />
    </Field>
  );
}
