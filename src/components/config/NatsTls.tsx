import React from 'react';
import { ConfigSubSection } from '@grafana/plugin-ui';
import { Field } from '@grafana/ui';
import { t } from '../../texts';
import { type ClientSecret } from '../../types';
import { CommitInput } from '../CommitInput';
import { Column } from './Column';
import { type ClientPart } from './part';
import { Secret } from './Secret';
import { Toggle } from './Toggle';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----';
const SECRETS: ClientSecret[] = ['TlsCaCert', 'TlsClientCert', 'TlsClientKey'];

/** What certificates are checked by, and what is shown for us; folded while nothing is set. */
export function NatsTls({ of, client, readOnly, editor, onChange }: ClientPart) {
  const { tlsServerName, tlsSkipVerify, tlsHandshakeFirst } = client;
  const isSet =
    Boolean(tlsServerName ?? tlsSkipVerify ?? tlsHandshakeFirst) ||
    SECRETS.some((name) => editor.options.secureJsonFields?.[of + name]);
  return (
    <ConfigSubSection
      title={t('natsTls.tlsOverNats', 'TLS over NATS')}
      description={t(
        'natsTls.onlyForServersWithCertificates',
        'Only for servers with certificates of your own, or that ask for one.'
      )}
      isCollapsible
      isInitiallyOpen={isSet}
    >
      <Column>
        <Secret
          editor={editor}
          of={of}
          name="TlsCaCert"
          label={t('natsTls.caCertificate', 'CA certificate')}
          description={t('natsTls.theAuthorityToTrustAs', 'The authority to trust, as PEM text.')}
          placeholder={CERTIFICATE}
          rows={4}
        />
        <Secret
          editor={editor}
          of={of}
          name="TlsClientCert"
          label={t('natsTls.clientCertificate', 'Client certificate')}
          description={t('natsTls.shownToServersThatAsk', 'Shown to servers that ask for one. It needs its key.')}
          placeholder={CERTIFICATE}
          rows={4}
        />
        <Secret
          editor={editor}
          of={of}
          name="TlsClientKey"
          label={t('natsTls.clientKey', 'Client key')}
          placeholder="-----BEGIN PRIVATE KEY-----"
          rows={4}
        />
        <Field
          noMargin
          label={t('natsTls.serverNameInTheCertificate', 'Server name in the certificate')}
          description={t('natsTls.ifItIsNotThe', 'If it is not the one in the URL.')}
          htmlFor={`${of}-tls-server-name`}
        >
          <CommitInput
            id={`${of}-tls-server-name`}
            disabled={readOnly}
            placeholder="nats.example.com"
            value={tlsServerName ?? ''}
            onCommit={(name) => onChange({ tlsServerName: name || undefined })}
          />
        </Field>
        <Toggle
          id={`${of}-tls-first`}
          label={t('natsTls.handshakeFirst', 'Handshake first')}
          description={t(
            'natsTls.forServersWithHandshakeFirst',
            'For servers with handshake_first, which greet only after TLS.'
          )}
          isOn={Boolean(tlsHandshakeFirst)}
          readOnly={readOnly}
          onChange={(on) => onChange({ tlsHandshakeFirst: on || undefined })}
        />
        <Toggle
          id={`${of}-tls-skip`}
          label={t('natsTls.acceptEveryCertificate', 'Accept every certificate')}
          description={t(
            'natsTls.whoeverIsOnTheWay',
            'Whoever is on the way can then read the login. For trying out only.'
          )}
          isOn={Boolean(tlsSkipVerify)}
          readOnly={readOnly}
          onChange={(on) => onChange({ tlsSkipVerify: on || undefined })}
        />
      </Column>
    </ConfigSubSection>
  );
}
