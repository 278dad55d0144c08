import React from 'react';
import { type NatsClient } from '../../types';
import { Client } from './Client';
import { type SecretPart } from './part';

/** The connection that the servers are read over. */
export function Nats({ options, readOnly, editor, onChange }: SecretPart) {
  const change = (nats: Partial<NatsClient>) => onChange({ nats: { ...options.nats, ...nats } });
  return <Client of="nats" client={options.nats ?? {}} readOnly={readOnly} editor={editor} onChange={change} />;
}
