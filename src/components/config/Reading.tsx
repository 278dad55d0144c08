import React from 'react';
import { ACCOUNT_SYNC_EVERY, BACKGROUND_SYNC, SYNC_EVERY } from '../../settings/durations';
import { t } from '../../texts';
import { Column } from './Column';
import { Duration } from './Duration';
import { type ConfigPart } from './part';
import { Toggle } from './Toggle';

/** How often the servers are read. */
export function Reading({ options, readOnly, onChange }: ConfigPart) {
  const { syncEvery, backgroundSync, nats } = options;
  const shared = nats?.scope === 'account' ? ACCOUNT_SYNC_EVERY : SYNC_EVERY;
  return (
    <Column>
      <Duration
        id="nats-sync-every"
        label={t('reading.oneReadServesEverybodyFor', 'One read serves everybody for')}
        description={t(
          'reading.allPanelsAlertsAndUsers',
          'All panels, alerts and users share it. Longer asks the servers less, shorter is more up to date.'
        )}
        value={syncEvery}
        limits={shared}
        readOnly={readOnly}
        onCommit={(text) => onChange({ syncEvery: text })}
      />
      <Toggle
        id="nats-background"
        label={t('reading.readAlsoWhileNobodyLooks', 'Read also while nobody looks')}
        description={t(
          'reading.serversForgetThisKeepsHistory',
          'Servers forget: this keeps history without an open dashboard or alert. It begins with the first request after Grafana starts.'
        )}
        isOn={Boolean(backgroundSync)}
        readOnly={readOnly}
        onChange={(on) => onChange({ backgroundSync: on ? BACKGROUND_SYNC.fallback : undefined })}
      />
      {backgroundSync && (
        <Duration
          id="nats-background-sync"
          label={t('reading.readEvery', 'Read every')}
          description={t('reading.fromMinToMax', 'From {{min}} to {{max}}.', {
            min: BACKGROUND_SYNC.min,
            max: BACKGROUND_SYNC.max,
          })}
          value={backgroundSync}
          limits={BACKGROUND_SYNC}
          readOnly={readOnly}
          onCommit={(text) => onChange({ backgroundSync: text ?? BACKGROUND_SYNC.fallback })}
        />
      )}
    </Column>
  );
}
