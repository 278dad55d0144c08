import React from 'react';
import { Auth, AuthMethod, convertLegacyAuthProps } from '@grafana/plugin-ui';
import { urlProblem } from '../../settings/urls';
import { t } from '../../texts';
import { AddressList } from './AddressList';
import { Column } from './Column';
import { type SecretPart } from './part';
import { ServerName } from './ServerName';
import { Toggle } from './Toggle';

/** The monitoring endpoints, and what stands in front of them asks for. */
export function Http({ editor, ...part }: SecretPart) {
  const { options, readOnly, onChange } = part;
  const config = { ...editor.options, jsonData: options };
  const auth = convertLegacyAuthProps({ config, onChange: editor.onOptionsChange });
  return (
    <Column gap={3}>
      <AddressList
        id="nats-url"
        words={{
          all: t('http.monitoringUrls', 'Monitoring URLs'),
          one: (number) => t('http.monitoringUrl', 'Monitoring URL {{number}}', { number }),
          add: t('http.addUrl', 'Add URL'),
          remove: (number) => t('http.removeUrl', 'Remove URL {{number}}', { number }),
        }}
        description={t('http.oneForEachServerSeveral', 'One for each server. Several can be pasted at once.')}
        placeholder="http://nats-1.example.com:8222"
        addresses={options.urls ?? []}
        readOnly={readOnly}
        problemOf={urlProblem}
        onChange={(urls) => onChange({ urls })}
      />
      <Toggle
        id="nats-resolve-all"
        label={t('http.askEveryAddressThatA', 'Ask every address that a host name resolves to')}
        description={t(
          'http.forOneNameThatStands',
          'For one name that stands for all servers, such as a headless service in Kubernetes.'
        )}
        isOn={Boolean(options.resolveAll)}
        readOnly={readOnly}
        onChange={(on) => onChange({ resolveAll: on || undefined })}
      />
      <Auth {...auth} visibleMethods={[AuthMethod.NoAuth, AuthMethod.BasicAuth]} readOnly={readOnly} />
      {!options.tlsAuth && <ServerName {...part} />}
    </Column>
  );
}
