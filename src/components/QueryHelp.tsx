import React from 'react';
import { type QueryEditorHelpProps } from '@grafana/data';
import { Button, Stack, Text, TextLink } from '@grafana/ui';
import { type Example, COMMON, exampleWords, MORE } from '../query/examples';
import { t } from '../texts';
import { type NatsQuery } from '../types';

const DOCS = 'https://github.com/natsops/nats-connections-datasource/blob/main/docs/query.md';

/** What can be asked, each example one click away. */
export default function QueryHelp({ onClickExample }: QueryEditorHelpProps<NatsQuery>) {
  const ask = ({ query }: Example) => onClickExample({ ...query, refId: 'A' });
  return (
    <Stack direction="column" gap={2}>
      <Text element="h2" variant="h4">
        {t('queryHelp.askWhyConnectionsStopped', 'Ask why connections stopped')}
      </Text>
      <Text element="p">
        {t(
          'queryHelp.closedConnectionsAreThoseOf',
          'Closed connections are those of the time range, open connections and servers are as they are now. Group by keys, filter by any of them, and choose the view that the panel was made for.'
        )}
      </Text>
      {[...COMMON, ...MORE].map((example) => (
        <div key={example.key}>
          <Button variant="secondary" fill="text" size="sm" type="button" onClick={() => ask(example)}>
            {exampleWords(example).title}
          </Button>
          <Text element="p" variant="bodySmall" color="secondary">
            {exampleWords(example).description}
          </Text>
        </div>
      ))}
      <TextLink href={DOCS} external>
        {t('queryHelp.allAboutQueries', 'All about queries')}
      </TextLink>
    </Stack>
  );
}
