import React from 'react';
import { type QueryEditorHelpProps } from '@grafana/data';
import { Button, Stack, Text, TextLink } from '@grafana/ui';
import { type Example, COMMON, MORE } from '../query/examples';
import { type NatsQuery } from '../types';

const DOCS = 'https://github.com/natsops/nats-connections-datasource/blob/main/docs/query.md';

/** What can be asked, each example one click away. */
export default function QueryHelp({ onClickExample }: QueryEditorHelpProps<NatsQuery>) {
  const ask = ({ query }: Example) => onClickExample({ ...query, refId: 'A' });
  return (
    <Stack direction="column" gap={2}>
      <Text element="h2" variant="h4">
        Ask why connections stopped
      </Text>
      <Text element="p">
        Closed connections are those of the time range, open connections and servers are as they are now. Group by keys,
        filter by any of them, and choose the view that the panel was made for.
      </Text>
      {[...COMMON, ...MORE].map((example) => (
        <div key={example.title}>
          <Button variant="secondary" fill="text" size="sm" type="button" onClick={() => ask(example)}>
            {example.title}
          </Button>
          <Text element="p" variant="bodySmall" color="secondary">
            {example.description}
          </Text>
        </div>
      ))}
      <TextLink href={DOCS} external>
        All about queries
      </TextLink>
    </Stack>
  );
}
