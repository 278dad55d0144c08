import { type DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { type NatsClient, type NatsOptions, type NatsSecrets } from '../../types';

export type EditorProps = DataSourcePluginOptionsEditorProps<NatsOptions, NatsSecrets>;

/** What every part of the configuration editor is given. */
export interface ConfigPart {
  options: NatsOptions;
  readOnly: boolean;
  onChange: (options: Partial<NatsOptions>) => void;
}

/** What a part with secrets is given as well: Grafana keeps them beside the options. */
export interface SecretPart extends ConfigPart {
  editor: EditorProps;
}

/** What a part of a connection to NATS is given. */
export interface ClientPart {
  /** What the connection is for: the setting that has it, and the beginning of its secrets' names. */
  of: 'nats' | 'history';
  client: NatsClient;
  readOnly: boolean;
  editor: EditorProps;
  onChange: (client: Partial<NatsClient>) => void;
}
