import React from 'react';
import { type SelectableValue } from '@grafana/data';
import { RadioButtonGroup, Stack } from '@grafana/ui';
import { t } from '../../texts';
import { CopyAs, type CopyAsProps } from './CopyAs';

export type Mode = 'builder' | 'json';

const modes = (): Array<SelectableValue<Mode>> => [
  { value: 'builder', label: t('tools.builder', 'Builder') },
  { value: 'json', label: t('tools.json', 'JSON') },
];

interface Props extends CopyAsProps {
  mode: Mode;
  onMode: (mode: Mode) => void;
}

/** How the query is edited, and the same question for the command line. */
export function Tools({ mode, onMode, ...copied }: Props) {
  return (
    <Stack gap={1}>
      <CopyAs {...copied} />
      <RadioButtonGroup
        size="sm"
        aria-label={t('tools.howToEdit', 'How to edit')}
        options={modes()}
        value={mode}
        onChange={onMode}
      />
    </Stack>
  );
}
