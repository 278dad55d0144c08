import React from 'react';
import { ConfigSection, DataSourceDescription, SecureSocksProxyToggle } from '@grafana/plugin-ui';
import { config } from '@grafana/runtime';
import { Divider, Stack } from '@grafana/ui';
import { asMeant } from '../settings/meant';
import { reachOf, usesHttp, usesNats } from '../settings/reach';
import { t } from '../texts';
import { type NatsOptions } from '../types';
import { AppPatterns } from './config/AppPatterns';
import { ClassOverrides } from './config/ClassOverrides';
import { Column } from './config/Column';
import { History } from './config/History';
import { Http } from './config/Http';
import { Links } from './config/Links';
import { MissingServers } from './config/MissingServers';
import { Nats } from './config/Nats';
import { type EditorProps } from './config/part';
import { Privacy } from './config/Privacy';
import { ReachChoice } from './config/ReachChoice';
import { Reading } from './config/Reading';
import { Timeout } from './config/Timeout';

const DOCS = 'https://github.com/natsops/nats-connections-datasource/tree/main/docs';

/** What nobody set stays closed: most need none of it, and Save & test is below. */
const isSet = (value: object | undefined) => Object.keys(value ?? {}).length > 0;

/** Edits how the NATS servers are reached and how their records are read. */
export default function ConfigEditor(editor: EditorProps) {
  const { options, onOptionsChange } = editor;
  const readOnly = Boolean(options.readOnly);
  const change = (jsonData: Partial<NatsOptions>) =>
    onOptionsChange({ ...options, jsonData: { ...options.jsonData, ...jsonData, version: 1 } });
  const meant = asMeant(options.jsonData, options.url);
  const part = { options: meant, readOnly, onChange: change };
  const reach = reachOf(meant);

  return (
    <Stack direction="column" gap={2}>
      <DataSourceDescription dataSourceName="NATS Connections" docsLink={DOCS} hasRequiredFields />
      <Divider spacing={2} />
      <ConfigSection
        title={t('configEditor.connection', 'Connection')}
        description={t('configEditor.howTheServersAreReached', 'How the servers are reached decides what can be seen.')}
      >
        <Column>
          <ReachChoice {...part} />
          <Privacy {...part} reach={reach} />
        </Column>
      </ConfigSection>
      {usesNats(reach) && (
        <ConfigSection title={t('configEditor.nats', 'NATS')}>
          <Nats {...part} editor={editor} />
        </ConfigSection>
      )}
      {reach === 'both' && <Divider spacing={2} />}
      {usesHttp(reach) && (
        <ConfigSection title={t('configEditor.httpMonitoring', 'HTTP monitoring')}>
          <Http {...part} editor={editor} />
        </ConfigSection>
      )}
      <Divider spacing={2} />
      <ConfigSection title={t('configEditor.reading', 'Reading')}>
        <Stack direction="column" gap={2}>
          <Reading {...part} />
          {options.uid && <MissingServers uid={options.uid} />}
        </Stack>
      </ConfigSection>
      <Divider spacing={2} />
      <ConfigSection
        title={t('configEditor.history', 'History')}
        isCollapsible
        isInitiallyOpen={isSet(meant.history) || isSet(meant.keep)}
        description={t(
          'configEditor.whatWasReadIsIn',
          'What was read is in Grafana’s memory, and gone with it, unless a stream of your NATS servers keeps it.'
        )}
      >
        <History {...part} editor={editor} />
      </ConfigSection>
      <Divider spacing={2} />
      <ConfigSection
        title={t('configEditor.links', 'Links')}
        isCollapsible
        isInitiallyOpen={isSet(meant.links)}
        description={t(
          'configEditor.oneClickFromARecord',
          "One click from a record to the server's log, or from an app to its page."
        )}
      >
        <Links {...part} />
      </ConfigSection>
      <Divider spacing={2} />
      <ConfigSection
        title={t('configEditor.stopReasons', 'Stop reasons')}
        isCollapsible
        isInitiallyOpen={isSet(meant.classOverrides)}
        description={t(
          'configEditor.alertsAndColoursTellUnexpected',
          'Alerts and colours tell unexpected stops from planned ones. Say here which are planned for you.'
        )}
      >
        <ClassOverrides {...part} />
      </ConfigSection>
      <Divider spacing={2} />
      <ConfigSection
        title={t('configEditor.apps', 'Apps')}
        isCollapsible
        isInitiallyOpen={meant.appPatterns !== undefined}
        description={t(
          'configEditor.clientNamesArePerInstance',
          'Client names are per instance. An app is the name without what these patterns match.'
        )}
      >
        <AppPatterns {...part} />
      </ConfigSection>
      <Divider spacing={2} />
      <ConfigSection
        title={t('configEditor.additionalSettings', 'Additional settings')}
        isCollapsible
        isInitiallyOpen={false}
      >
        <Timeout {...part} />
        {config.secureSocksDSProxyEnabled && (
          <fieldset disabled={readOnly}>
            <SecureSocksProxyToggle labelWidth={24} dataSourceConfig={options} onChange={onOptionsChange} />
          </fieldset>
        )}
      </ConfigSection>
    </Stack>
  );
}
