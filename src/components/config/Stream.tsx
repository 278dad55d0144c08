import React from 'react';
import { Field } from '@grafana/ui';
import { capturedProblem, prefixProblem, streamProblem, writing } from '../../settings/history';
import { DEFAULT_PREFIX, DEFAULT_STREAM } from '../../settings/settings.gen';
import { t } from '../../texts';
import { type HistoryStream } from '../../types';
import { CommitInput } from '../CommitInput';
import { Column } from './Column';
import { Toggle } from './Toggle';

interface Props {
  stream: HistoryStream;
  readOnly: boolean;
  onChange: (stream: Partial<HistoryStream>) => void;
}

/** Which stream keeps the history, and what is done with it. */
export function Stream({ stream: history, readOnly, onChange }: Props) {
  const { stream = '', prefix = '', write = true, create = false, private: hides = false, captured = '' } = history;
  return (
    <Column>
      <Name
        id="history-stream"
        label={t('stream.stream', 'Stream')}
        description={t('stream.oneForAllReplicas', 'The same for all replicas of Grafana.')}
        value={stream}
        placeholder={DEFAULT_STREAM}
        problem={streamProblem(stream)}
        readOnly={readOnly}
        onCommit={(name) => onChange({ stream: name })}
      />
      <Name
        id="history-prefix"
        label={t('stream.subjects', 'Subjects begin with')}
        description={t('stream.eachServerHasOne', 'Each server has a subject of its own behind it.')}
        value={prefix}
        placeholder={DEFAULT_PREFIX}
        problem={prefixProblem(prefix)}
        readOnly={readOnly}
        onCommit={(name) => onChange({ prefix: name })}
      />
      <Toggle
        id="history-write"
        label={t('stream.addWhatIsRead', 'Add what is read here')}
        description={t('stream.offWhereOthersAdd', 'Off where this data source only reads what others add.')}
        isOn={write}
        readOnly={readOnly}
        onChange={(on) => onChange(writing(on))}
      />
      {write && (
        <Toggle
          id="history-create"
          label={t('stream.makeTheStream', 'Make the stream if it is not there')}
          description={t(
            'stream.withThirtyDays',
            'It keeps 30 days, on disk, on three servers if there are as many. The login must be allowed to.'
          )}
          isOn={create}
          readOnly={readOnly}
          onChange={(on) => onChange({ create: on || undefined })}
        />
      )}
      {write && (
        <Toggle
          id="history-private"
          label={t('stream.keepPeopleOut', 'Keep user names and addresses out')}
          description={t('stream.afterAStartTheyAre', 'They are not written, and so unknown after a start.')}
          isOn={hides}
          readOnly={readOnly}
          onChange={(on) => onChange({ private: on || undefined })}
        />
      )}
      <Name
        id="history-captured"
        label={t('stream.captured', 'Captured advisories')}
        description={t(
          'stream.whatOthersCapture',
          'A stream of DISCONNECT advisories that others capture: it gives records that no server showed.'
        )}
        value={captured}
        placeholder=""
        problem={capturedProblem(captured, stream)}
        readOnly={readOnly}
        onCommit={(name) => onChange({ captured: name })}
      />
    </Column>
  );
}

interface NameProps {
  id: string;
  label: string;
  description: string;
  value: string;
  placeholder: string;
  problem: string | undefined;
  readOnly: boolean;
  /** Nothing is what an empty input means. */
  onCommit: (name: string | undefined) => void;
}

function Name({ id, label, description, value, placeholder, problem, readOnly, onCommit }: NameProps) {
  return (
    <Field noMargin label={label} description={description} htmlFor={id} invalid={Boolean(problem)} error={problem}>
      <CommitInput
        id={id}
        disabled={readOnly}
        placeholder={placeholder}
        value={value}
        onCommit={(text) => onCommit(text || undefined)}
      />
    </Field>
  );
}
