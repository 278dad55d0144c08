import React from 'react';
import { serverProblem } from '../../settings/servers';
import { t } from '../../texts';
import { AddressList } from './AddressList';
import { Column } from './Column';
import { Login } from './Login';
import { NatsReach } from './NatsReach';
import { NatsTls } from './NatsTls';
import { type ClientPart } from './part';

interface Props extends ClientPart {
  /** What stands between the login and what is folded. */
  children?: React.ReactNode;
}

/** A connection to NATS: where, as whom, and how it is secured. */
export function Client({ children, ...part }: Props) {
  const { of, client, readOnly, onChange } = part;
  return (
    <Column gap={3}>
      <AddressList
        id={`${of}-server`}
        words={{
          all: t('client.natsServers', 'NATS servers'),
          one: (number) => t('client.natsServer', 'NATS server {{number}}', { number }),
          add: t('client.addServer', 'Add server'),
          remove: (number) => t('client.removeServer', 'Remove server {{number}}', { number }),
        }}
        description={t(
          'client.urlsForClientsOneIs',
          'URLs for clients. One is enough: the others are for when it is down. Several can be pasted at once.'
        )}
        placeholder="nats://nats-1.example.com:4222"
        addresses={client.servers ?? []}
        readOnly={readOnly}
        problemOf={serverProblem}
        onChange={(servers) => onChange({ servers })}
      />
      <Login {...part} />
      {children}
      <NatsTls {...part} />
      <NatsReach {...part} />
    </Column>
  );
}
