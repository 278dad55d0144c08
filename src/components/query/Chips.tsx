import React from 'react';
import { Button, Stack } from '@grafana/ui';
import { COMMON, exampleWords } from '../../query/examples';
import { fitted, type Place } from '../../query/fit';
import { type Query } from '../../query/model.gen';
import { t } from '../../texts';

interface Props {
  place: Place;
  onChoose: (query: Query) => void;
}

/** The questions that are asked most, for who did not ask anything yet. */
export function Chips({ place, onChoose }: Props) {
  return (
    <div role="group" aria-label={t('chips.commonQuestions', 'Common questions')}>
      <Stack gap={1} wrap="wrap">
        {COMMON.map((example) => (
          <Button
            key={example.key}
            size="sm"
            variant="secondary"
            fill="outline"
            type="button"
            tooltip={exampleWords(example).description}
            onClick={() => onChoose(fitted(example.query, place))}
          >
            {exampleWords(example).title}
          </Button>
        ))}
      </Stack>
    </div>
  );
}
