import React, { useState } from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { EditorField, EditorRow } from '@grafana/plugin-ui';
import { TextArea, useStyles2 } from '@grafana/ui';
import { fromJson, toJson } from '../../query/json';
import { t } from '../../texts';
import { type Part } from './part';

/** The query as it is stored; a change counts once the field is left, or with Ctrl+Enter. */
export function JsonMode({ id, query, problem, onChange }: Part) {
  const styles = useStyles2(getStyles);
  const stored = toJson(query);
  const [draft, setDraft] = useState<string>();
  const text = draft ?? stored;
  const read = fromJson(text, query);
  const sentence = 'sentence' in read ? read.sentence : draft === undefined ? problem?.sentence : undefined;
  const commit = () => {
    if (draft !== undefined && !('sentence' in read)) {
      setDraft(undefined);
      if (toJson(read) !== stored) {
        onChange(read);
      }
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      commit();
    }
  };
  return (
    <EditorRow>
      <EditorField
        label={t('jsonMode.queryAsJson', 'Query as JSON')}
        htmlFor={`${id}-json`}
        width="100%"
        invalid={Boolean(sentence)}
        error={sentence}
      >
        <TextArea
          id={`${id}-json`}
          className={styles.text}
          rows={Math.min(24, text.split('\n').length)}
          spellCheck={false}
          value={text}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onBlur={commit}
          onKeyDown={onKeyDown}
        />
      </EditorField>
    </EditorRow>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  text: css({ fontFamily: theme.typography.fontFamilyMonospace, maxWidth: theme.spacing(110) }),
});
