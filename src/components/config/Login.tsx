import React from 'react';
import { Field, RadioButtonList } from '@grafana/ui';
import { type NatsAuth } from '../../types';
import { CommitInput } from '../CommitInput';
import { Column } from './Column';
import { type NatsPart } from './part';
import { Secret } from './Secret';

const METHODS: Array<{ value: NatsAuth; label: string; description: string }> = [
  { value: 'credentials', label: 'Credentials', description: 'The content of a .creds file' },
  { value: 'nkey', label: 'NKey', description: 'The seed of a user’s key' },
  { value: 'user', label: 'User and password', description: 'As in the servers’ configuration' },
  { value: 'token', label: 'Token', description: 'One token for all clients' },
  { value: 'none', label: 'None', description: 'The servers let in whoever connects, or know the client certificate' },
];

/** How to log in to NATS, with the fields of that way alone. */
export function Login({ nats, readOnly, editor, onChange }: NatsPart) {
  const method = nats.auth ?? 'none';
  return (
    <Column>
      <div role="group" aria-label="Log in with">
        <Field noMargin label="Log in with">
          <RadioButtonList
            name="nats-auth"
            options={METHODS}
            value={method}
            disabled={readOnly}
            onChange={(auth) => onChange({ auth })}
          />
        </Field>
      </div>
      {method === 'credentials' && (
        <Secret
          editor={editor}
          name="natsCredentials"
          label="Credentials"
          description="What is in the credentials file, not where it lies."
          placeholder="-----BEGIN NATS USER JWT-----"
          rows={6}
          required
        />
      )}
      {method === 'nkey' && <Secret editor={editor} name="natsSeed" label="Seed" placeholder="SU…" required />}
      {method === 'user' && (
        <>
          <Field noMargin required label="User" htmlFor="nats-user">
            <CommitInput
              id="nats-user"
              disabled={readOnly}
              value={nats.user ?? ''}
              onCommit={(user) => onChange({ user })}
            />
          </Field>
          <Secret editor={editor} name="natsPassword" label="Password" required />
        </>
      )}
      {method === 'token' && <Secret editor={editor} name="natsToken" label="Token" required />}
    </Column>
  );
}
