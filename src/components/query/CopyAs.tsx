import React from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, ClipboardButton, Stack, Text, Toggletip, useStyles2 } from '@grafana/ui';
import { curlCommand, natsCommand } from '../../query/commands';
import { toJson } from '../../query/json';
import { t } from '../../texts';
import { type NatsQuery } from '../../types';

export interface CopyAsProps {
  query: NatsQuery;
  /** The query with its variables' values, which no command line knows. */
  replaced: () => NatsQuery;
  /** A server's monitoring port, if the settings name one. */
  url?: string;
}

/** The same question for a command line, or for a repository. */
export function CopyAs(props: CopyAsProps) {
  return (
    <Toggletip
      title={t('copyAs.theSameQuestionElsewhere', 'The same question elsewhere')}
      content={() => <Commands {...props} />}
      placement="bottom-end"
    >
      <Button icon="copy" size="sm" variant="secondary" fill="text" type="button">
        {t('copyAs.copyAs', 'Copy as')}
      </Button>
    </Toggletip>
  );
}

function Commands({ query, replaced, url }: CopyAsProps) {
  const styles = useStyles2(getStyles);
  const asked = replaced();
  const commands = [
    {
      title: t('copyAs.natsAllServersWithA', 'nats: all servers, with a login of the system account'),
      text: natsCommand(asked),
    },
    {
      title: t('copyAs.curlAndJqOneServer', 'curl and jq: one server, by its monitoring port'),
      text: curlCommand(asked, url),
    },
    {
      title: t('copyAs.jsonAsDashboardsAndAlert', 'JSON: as dashboards and alert rules store it'),
      text: toJson(query),
    },
  ];
  return (
    <Stack direction="column" gap={1}>
      {commands.map(({ title, text }) => (
        <div key={title}>
          <Stack justifyContent="space-between" alignItems="center" gap={1}>
            <Text variant="bodySmall">{title}</Text>
            <ClipboardButton
              icon="copy"
              size="sm"
              variant="secondary"
              type="button"
              aria-label={t('copyAs.copyTitle', 'Copy {{title}}', { title })}
              getText={() => text}
            />
          </Stack>
          <pre className={styles.text} tabIndex={0}>
            {text}
          </pre>
        </div>
      ))}
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  text: css({
    margin: 0,
    maxWidth: theme.spacing(70),
    maxHeight: theme.spacing(15),
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  }),
});
