import { type NatsOptions } from '../../types';

/** What every part of the configuration editor is given. */
export interface ConfigPart {
  options: NatsOptions;
  readOnly: boolean;
  onChange: (options: Partial<NatsOptions>) => void;
}
