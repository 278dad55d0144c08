import React from 'react';
import { onUpdateDatasourceSecureJsonDataOption, updateDatasourcePluginResetOption } from '@grafana/data';
import { Field, SecretInput, SecretTextArea } from '@grafana/ui';
import { secretProblem } from '../../settings/secrets';
import { type ClientSecret } from '../../types';
import { type ClientPart } from './part';

interface Props extends Pick<ClientPart, 'editor' | 'of'> {
  /** Which of the connection's secrets. */
  name: ClientSecret;
  label: string;
  description?: string;
  placeholder?: string;
  required?: boolean;
  /** Lines of a text that has several. */
  rows?: number;
}

/** A secret: written, stored, and from then on only replaced. */
export function Secret({ editor, of, name: secret, label, description, placeholder, required, rows }: Props) {
  const { secureJsonData, secureJsonFields, readOnly } = editor.options;
  const name = of + secret;
  const value = secureJsonData?.[name] ?? '';
  const problem = secretProblem(secret, value);
  const id = `nats-${name}`;
  const input = {
    id,
    value,
    placeholder,
    isConfigured: Boolean(secureJsonFields?.[name]),
    disabled: readOnly,
    onChange: onUpdateDatasourceSecureJsonDataOption(editor, name),
    onReset: () => updateDatasourcePluginResetOption(editor, name),
  };
  return (
    <fieldset disabled={readOnly}>
      <Field
        noMargin
        label={label}
        description={description}
        htmlFor={id}
        required={required}
        invalid={Boolean(problem)}
        error={problem}
      >
        {rows ? <SecretTextArea {...input} rows={rows} grow /> : <SecretInput {...input} />}
      </Field>
    </fieldset>
  );
}
