import React, { useState } from 'react';
import { Button, Field, Input, Stack, Text } from '@grafana/ui';
import { DEFAULT_APP_PATTERNS } from '../../query/model.gen';
import { appOf, patternProblem } from '../../settings/apps';
import { t } from '../../texts';
import { RemoveButton } from '../RemoveButton';
import { Column } from './Column';
import { type ConfigPart } from './part';

const EXAMPLE = 'billing-service-pod-3a7f';

/** The patterns that are cut from client names, tried on an example. */
export function AppPatterns({ options, readOnly, onChange }: ConfigPart) {
  const [name, setName] = useState(EXAMPLE);
  const patterns = options.appPatterns ?? DEFAULT_APP_PATTERNS;
  const change = (appPatterns: string[] | undefined) => onChange({ appPatterns });
  return (
    <Column gap={1}>
      <Text variant="bodySmall" color="secondary">
        {options.appPatterns
          ? t('appPatterns.ownPatternsRe2TheFirst', 'Own patterns, RE2, the first that shortens a name wins.')
          : t(
              'appPatterns.theseAreTheDefaultsRe2',
              'These are the defaults (RE2, the first that shortens a name wins); change one to write your own.'
            )}
      </Text>
      {patterns.map((pattern, index) => {
        const problem = patternProblem(pattern);
        const id = `nats-app-pattern-${index}`;
        return (
          <Field
            key={index}
            noMargin
            label={t('appPatterns.patternNumber', 'Pattern {{number}}', { number: index + 1 })}
            htmlFor={id}
            invalid={Boolean(problem)}
            error={problem}
          >
            <Input
              id={id}
              value={pattern}
              disabled={readOnly}
              onChange={(event) => change(replaceAt(patterns, index, event.currentTarget.value))}
              addonAfter={
                <RemoveButton
                  label={t('appPatterns.removePattern', 'Remove pattern {{number}}', { number: index + 1 })}
                  disabled={readOnly}
                  onClick={() => change(patterns.filter((_, position) => position !== index))}
                />
              }
            />
          </Field>
        );
      })}
      <Stack gap={1}>
        <Button icon="plus" variant="secondary" size="sm" disabled={readOnly} onClick={() => change([...patterns, ''])}>
          {t('appPatterns.addPattern', 'Add pattern')}
        </Button>
        {options.appPatterns && (
          <Button variant="secondary" fill="text" size="sm" disabled={readOnly} onClick={() => change(undefined)}>
            {t('appPatterns.backToTheDefaults', 'Back to the defaults')}
          </Button>
        )}
      </Stack>
      <Field noMargin label={t('appPatterns.tryAClientName', 'Try a client name')} htmlFor="nats-app-example">
        <Input id="nats-app-example" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      </Field>
      <Text element="p" variant="bodySmall">
        {t('appPatterns.app', 'App: {{app}}', { app: appOf(name, patterns) })}
      </Text>
    </Column>
  );
}

function replaceAt(patterns: readonly string[], index: number, pattern: string): string[] {
  return patterns.map((other, position) => (position === index ? pattern : other));
}
