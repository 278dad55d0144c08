import { type DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { type NatsConnection, type NatsOptions, type NatsSecrets } from '../../types';

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

/** What a part of the connection over NATS is given. */
export interface NatsPart {
  nats: NatsConnection;
  readOnly: boolean;
  editor: EditorProps;
  onChange: (nats: Partial<NatsConnection>) => void;
}
