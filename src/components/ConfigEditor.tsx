import React from 'react';
import { type DataSourcePluginOptionsEditorProps } from '@grafana/data';
import {
  AdvancedHttpSettings,
  Auth,
  AuthMethod,
  ConfigSection,
  convertLegacyAuthProps,
  DataSourceDescription,
  SecureSocksProxyToggle,
} from '@grafana/plugin-ui';
import { config } from '@grafana/runtime';
import { Divider, Stack } from '@grafana/ui';
import { type NatsOptions, type NatsSecrets } from '../types';
import { AppPatterns } from './config/AppPatterns';
import { ClassOverrides } from './config/ClassOverrides';
import { Privacy } from './config/Privacy';
import { ServerName } from './config/ServerName';
import { UrlList } from './config/UrlList';

type Props = DataSourcePluginOptionsEditorProps<NatsOptions, NatsSecrets>;

const DOCS = 'https://github.com/natsops/nats-connections-datasource/tree/main/docs';

/** Edits how the NATS servers are reached and how their records are read. */
export default function ConfigEditor({ options, onOptionsChange }: Props) {
  const readOnly = Boolean(options.readOnly);
  const change = (jsonData: Partial<NatsOptions>) =>
    onOptionsChange({ ...options, jsonData: { ...options.jsonData, ...jsonData, version: 1 } });
  const part = { options: options.jsonData, readOnly, onChange: change };
  const http = { config: options, onChange: onOptionsChange };

  return (
    <Stack direction="column" gap={2}>
      <DataSourceDescription dataSourceName="NATS Connections" docsLink={DOCS} hasRequiredFields />
      <Privacy />
      <Divider spacing={2} />
      <ConfigSection title="Connection" description="The monitoring endpoint of every NATS server.">
        <UrlList {...part} />
      </ConfigSection>
      <Divider spacing={2} />
      <Auth
        {...convertLegacyAuthProps(http)}
        visibleMethods={[AuthMethod.NoAuth, AuthMethod.BasicAuth]}
        readOnly={readOnly}
      />
      {!options.jsonData.tlsAuth && <ServerName {...part} />}
      <Divider spacing={2} />
      <ConfigSection title="Additional settings" isCollapsible isInitiallyOpen={false}>
        <AdvancedHttpSettings {...http} />
        {config.secureSocksDSProxyEnabled && (
          <fieldset disabled={readOnly}>
            <SecureSocksProxyToggle labelWidth={24} dataSourceConfig={options} onChange={onOptionsChange} />
          </fieldset>
        )}
      </ConfigSection>
      <Divider spacing={2} />
      <ConfigSection
        title="Stop reasons"
        description="Alerts and colours tell unexpected stops from planned ones. Say here which are planned for you."
      >
        <ClassOverrides {...part} />
      </ConfigSection>
      <Divider spacing={2} />
      <ConfigSection
        title="Apps"
        description="Client names are per instance. An app is the name without what these patterns match."
      >
        <AppPatterns {...part} />
      </ConfigSection>
    </Stack>
  );
}
