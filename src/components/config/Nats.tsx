import React from 'react';
import { serverProblem } from '../../settings/servers';
import { t } from '../../texts';
import { type NatsConnection } from '../../types';
import { AddressList } from './AddressList';
import { Column } from './Column';
import { Login } from './Login';
import { NatsReach } from './NatsReach';
import { NatsTls } from './NatsTls';
import { type SecretPart } from './part';

/** The connection over NATS: where, as whom, and how it is secured. */
export function Nats(part: SecretPart) {
  const { options, readOnly } = part;
  const change = (nats: Partial<NatsConnection>) => part.onChange({ nats: { ...options.nats, ...nats } });
  const natsPart = { nats: options.nats ?? {}, readOnly, editor: part.editor, onChange: change };
  return (
    <Column gap={3}>
      <AddressList
        id="nats-server"
        words={{
          all: t('nats.natsServers', 'NATS servers'),
          one: (number) => t('nats.natsServer', 'NATS server {{number}}', { number }),
          add: t('nats.addServer', 'Add server'),
          remove: (number) => t('nats.removeServer', 'Remove server {{number}}', { number }),
        }}
        description={t(
          'nats.urlsForClientsOneIs',
          'URLs for clients. One is enough: the others are for when it is down. Several can be pasted at once.'
        )}
        placeholder="nats://nats-1.example.com:4222"
        addresses={options.nats?.servers ?? []}
        readOnly={readOnly}
        problemOf={serverProblem}
        onChange={(servers) => change({ servers })}
      />
      <Login {...natsPart} />
      <NatsTls {...natsPart} />
      <NatsReach {...natsPart} />
    </Column>
  );
}
