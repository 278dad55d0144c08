import React, { useState } from 'react';
import { historyWhen } from '../../settings/history';
import { t } from '../../texts';
import { type HistoryStream } from '../../types';
import { Client } from './Client';
import { Column } from './Column';
import { Keep } from './Keep';
import { type SecretPart } from './part';
import { Stream } from './Stream';
import { Toggle } from './Toggle';

/** How long what was read is known: in Grafana's memory, and in a stream beyond it. */
export function History({ options, readOnly, editor, onChange }: SecretPart) {
  const { history, keep } = options;
  const [aside, setAside] = useState<HistoryStream>();
  const change = (part: Partial<HistoryStream>) => onChange({ history: { ...history, ...part } });
  const turn = (on: boolean) => {
    setAside(history);
    onChange({ history: historyWhen(on, aside) });
  };
  return (
    <Column gap={3}>
      <Keep keep={keep ?? {}} readOnly={readOnly} onChange={(next) => onChange({ keep: next })} />
      <Toggle
        id="history-on"
        label={t('history.keepInAStream', 'Keep it in a JetStream stream, too')}
        description={t(
          'history.soThatItOutlives',
          'So that it outlives Grafana, reaches further back, and all replicas of Grafana know the same.'
        )}
        isOn={history !== undefined}
        readOnly={readOnly}
        onChange={turn}
      />
      {history && (
        <Client of="history" client={history} readOnly={readOnly} editor={editor} onChange={change}>
          <Stream stream={history} readOnly={readOnly} onChange={change} />
        </Client>
      )}
    </Column>
  );
}
