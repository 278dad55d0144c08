import React from 'react';
import { Button, Stack } from '@grafana/ui';
import { COMMON } from '../../query/examples';
import { fitted, type Place } from '../../query/fit';
import { type Query } from '../../query/model.gen';

interface Props {
  place: Place;
  onChoose: (query: Query) => void;
}

/** The questions that are asked most, for who did not ask anything yet. */
export function Chips({ place, onChoose }: Props) {
  return (
    <div role="group" aria-label="Common questions">
      <Stack gap={1} wrap="wrap">
        {COMMON.map(({ title, description, query }) => (
          <Button
            key={title}
            size="sm"
            variant="secondary"
            fill="outline"
            type="button"
            tooltip={description}
            onClick={() => onChoose(fitted(query, place))}
          >
            {title}
          </Button>
        ))}
      </Stack>
    </div>
  );
}
