import React from 'react';
import { Field, RadioButtonList } from '@grafana/ui';
import { t } from '../../texts';
import { type NatsAuth } from '../../types';
import { CommitInput } from '../CommitInput';
import { Column } from './Column';
import { type ClientPart } from './part';
import { Secret } from './Secret';

const methods = (): Array<{ value: NatsAuth; label: string; description: string }> => [
  {
    value: 'credentials',
    label: t('login.credentials', 'Credentials'),
    description: t('login.theContentOfACreds', 'The content of a .creds file'),
  },
  {
    value: 'nkey',
    label: t('login.nkey', 'NKey'),
    description: t('login.theSeedOfAUsers', 'The seed of a user’s key'),
  },
  {
    value: 'user',
    label: t('login.userAndPassword', 'User and password'),
    description: t('login.asInTheServersConfiguration', 'As in the servers’ configuration'),
  },
  {
    value: 'token',
    label: t('login.token', 'Token'),
    description: t('login.oneTokenForAllClients', 'One token for all clients'),
  },
  {
    value: 'none',
    label: t('login.none', 'None'),
    description: t(
      'login.theServersLetInWhoever',
      'The servers let in whoever connects, or know the client certificate'
    ),
  },
];

/** How to log in to NATS, with the fields of that way alone. */
export function Login({ of, client, readOnly, editor, onChange }: ClientPart) {
  const method = client.auth ?? 'none';
  return (
    <Column>
      <div role="group" aria-label={t('login.logInWith', 'Log in with')}>
        <Field noMargin label={t('login.logInWith', 'Log in with')}>
          <RadioButtonList
            name={`${of}-auth`}
            options={methods()}
            value={method}
            disabled={readOnly}
            onChange={(auth) => onChange({ auth })}
          />
        </Field>
      </div>
      {method === 'credentials' && (
        <Secret
          editor={editor}
          of={of}
          name="Credentials"
          label={t('login.credentials', 'Credentials')}
          description={t('login.whatIsInTheCredentials', 'What is in the credentials file, not where it lies.')}
          placeholder="-----BEGIN NATS USER JWT-----"
          rows={6}
          required
        />
      )}
      {method === 'nkey' && (
        <Secret editor={editor} of={of} name="Seed" label={t('login.seed', 'Seed')} placeholder="SU…" required />
      )}
      {method === 'user' && (
        <>
          <Field noMargin required label={t('login.user', 'User')} htmlFor={`${of}-user`}>
            <CommitInput
              id={`${of}-user`}
              disabled={readOnly}
              value={client.user ?? ''}
              onCommit={(user) => onChange({ user })}
            />
          </Field>
          <Secret editor={editor} of={of} name="Password" label={t('login.password', 'Password')} required />
        </>
      )}
      {method === 'token' && <Secret editor={editor} of={of} name="Token" label={t('login.token', 'Token')} required />}
    </Column>
  );
}
