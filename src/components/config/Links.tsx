import React from 'react';
import { Button, Stack, Text } from '@grafana/ui';
import { type Link } from '../../settings/settings.gen';
import { t } from '../../texts';
import { Column } from './Column';
import { LinkFields } from './LinkFields';
import { type ConfigPart } from './part';

/** What a log data source is asked about a connection; servers write its number into each line about it. */
const log = (): Link => ({
  title: t('links.serverLog', 'Server log'),
  datasource: '',
  query: '{app="nats"} |= "cid:${cid}"',
});

const page = (): Link => ({ title: t('links.aboutThisApp', 'About this app'), key: 'app', url: '' });

/** Where records and groups lead to, beside their own records. */
export function Links({ options, readOnly, onChange }: ConfigPart) {
  const links = options.links ?? [];
  const change = (next: Link[]) => onChange({ links: next.length > 0 ? next : undefined });
  return (
    <Column>
      <Text variant="bodySmall" color="secondary">
        {t('links.appServerCidAndAll', '${app}, ${server}, ${cid} and all other columns stand for what the row tells.')}
      </Text>
      {links.map((link, index) => (
        <LinkFields
          key={index}
          number={index + 1}
          link={link}
          readOnly={readOnly}
          onChange={(next) => change(links.map((other, position) => (position === index ? next : other)))}
          onRemove={() => change(links.filter((_, position) => position !== index))}
        />
      ))}
      <Stack gap={1} wrap="wrap">
        <Button icon="plus" variant="secondary" size="sm" disabled={readOnly} onClick={() => change([...links, log()])}>
          {t('links.addLinkToLogs', 'Add link to logs')}
        </Button>
        <Button
          icon="plus"
          variant="secondary"
          size="sm"
          disabled={readOnly}
          onClick={() => change([...links, page()])}
        >
          {t('links.addLinkToAPage', 'Add link to a page')}
        </Button>
      </Stack>
    </Column>
  );
}
