import React, { useState } from 'react';
import { Button, Combobox, Field, IconButton, RadioButtonGroup, Stack, Text } from '@grafana/ui';
import { defaultClass, knownValues } from '../../query/known';
import { type Class } from '../../query/reasons.gen';
import { t } from '../../texts';
import { Column } from './Column';
import { type ConfigPart } from './part';

const classes = (): Array<{ value: Class; label: string }> => [
  { value: 'planned', label: t('classOverrides.planned', 'Planned') },
  { value: 'unexpected', label: t('classOverrides.unexpected', 'Unexpected') },
];

/** Reasons that mean something else to these people than to most. */
export function ClassOverrides({ options, readOnly, onChange }: ConfigPart) {
  const overrides = options.classOverrides ?? {};
  const [reason, setReason] = useState<string>();
  const change = (next: Record<string, Class>) => onChange({ classOverrides: next });
  const add = () => {
    if (reason) {
      change({ ...overrides, [reason]: opposite(defaultClass(reason)) });
      setReason(undefined);
    }
  };
  const offered = knownValues('reason').filter(({ value }) => !(value in overrides));
  return (
    <Column gap={1}>
      {Object.entries(overrides).map(([text, chosen]) => (
        <div key={text} role="group" aria-label={text}>
          <Stack gap={1} wrap="wrap" alignItems="center">
            <Text>{text}</Text>
            <RadioButtonGroup
              size="sm"
              aria-label={t('classOverrides.classOfText', 'Class of {{text}}', { text })}
              options={classes()}
              value={chosen}
              disabled={readOnly}
              onChange={(value) => change({ ...overrides, [text]: value })}
            />
            <Text variant="bodySmall" color="secondary">
              {t('classOverrides.byDefault', 'by default {{class}}', { class: defaultClass(text) })}
            </Text>
            <IconButton
              name="trash-alt"
              aria-label={t('classOverrides.removeTheClassOfText', 'Remove the class of {{text}}', { text })}
              disabled={readOnly}
              onClick={() => change(without(overrides, text))}
            />
          </Stack>
        </div>
      ))}
      <Field
        noMargin
        label={t('classOverrides.reasonToClassify', 'Reason to classify')}
        description={t('classOverrides.chooseOneOrTypeA', 'Choose one, or type a reason as the server writes it.')}
        htmlFor="nats-class-reason"
      >
        <Combobox
          id="nats-class-reason"
          options={offered.map((known) => ({ ...known, label: known.value }))}
          value={reason ?? null}
          createCustomValue
          disabled={readOnly}
          placeholder={t('classOverrides.chooseOrTypeAReason', 'Choose or type a reason')}
          onChange={({ value }) => setReason(value)}
        />
      </Field>
      <Button icon="plus" variant="secondary" size="sm" disabled={readOnly || !reason} onClick={add}>
        {t('classOverrides.addReason', 'Add reason')}
      </Button>
    </Column>
  );
}

function opposite(meant: Class): Class {
  return meant === 'planned' ? 'unexpected' : 'planned';
}

function without(overrides: Record<string, Class>, reason: string): Record<string, Class> {
  return Object.fromEntries(Object.entries(overrides).filter(([text]) => text !== reason));
}
