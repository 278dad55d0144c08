import React from 'react';
import { CoreApp } from '@grafana/data';
import { Button, Stack, Text } from '@grafana/ui';
import { changeView } from '../../query/change';
import { betterView, type Place } from '../../query/fit';
import { viewWords } from '../../query/words';
import { t } from '../../texts';
import { type NatsQuery } from '../../types';

interface Props {
  query: NatsQuery;
  place: Place;
  onChange: (query: NatsQuery) => void;
}

/** Offers the view that the panel was made for. */
export function ViewHint({ query, place, onChange }: Props) {
  const better = betterView(query, place);
  if (!better) {
    return null;
  }
  const { label } = viewWords(better);
  const isRule = place.app === CoreApp.UnifiedAlerting || place.app === CoreApp.CloudAlerting;
  return (
    <Stack gap={1} alignItems="center" wrap="wrap">
      <Text variant="bodySmall" color="info">
        {isRule
          ? t('viewHint.anAlertRuleNeedsNumbers', 'An alert rule needs numbers.')
          : t('viewHint.thisPanelShowsAnotherView', 'This panel shows another view better.')}
      </Text>
      <Button size="sm" variant="secondary" type="button" onClick={() => onChange(changeView(query, better))}>
        {t('viewHint.useLabel', 'Use {{label}}', { label })}
      </Button>
    </Stack>
  );
}
