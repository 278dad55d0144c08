import React, { useState } from 'react';
import { Button, Field, Input } from '@grafana/ui';
import { splitUrls } from '../../settings/urls';
import { RemoveButton } from '../RemoveButton';
import { Column } from './Column';

/** What entries are called, counted from one, and on buttons. */
interface Words {
  all: string;
  one: (number: number) => string;
  add: string;
  remove: (number: number) => string;
}

interface Props {
  id: string;
  words: Words;
  description: string;
  placeholder: string;
  addresses: readonly string[];
  readOnly: boolean;
  /** Why an address cannot be used beside those before it. */
  problemOf: (address: string, before: readonly string[]) => string | undefined;
  onChange: (addresses: string[]) => void;
}

/** Addresses of servers, one input each; a paste of several makes several inputs. */
export function AddressList({ id, words, readOnly, problemOf, onChange, ...rest }: Props) {
  // An empty list still offers an input to write in.
  const addresses = rest.addresses.length > 0 ? rest.addresses : [''];
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const replace = (index: number, parts: string[]) =>
    onChange([...addresses.slice(0, index), ...parts, ...addresses.slice(index + 1)]);
  const onPaste = (index: number) => (event: React.ClipboardEvent<HTMLInputElement>) => {
    const parts = splitUrls(event.clipboardData.getData('text'));
    if (parts.length > 1) {
      event.preventDefault();
      replace(index, [...(addresses[index] ? [addresses[index]] : []), ...parts]);
      setLeft(new Set([...addresses, ...parts].keys()));
    }
  };
  return (
    <Column gap={0.5}>
      {addresses.map((address, index) => {
        const problem = left.has(index) ? problemOf(address, addresses.slice(0, index)) : undefined;
        const inputId = `${id}-${index}`;
        return (
          <Field
            key={index}
            noMargin
            required={index === 0}
            label={index === 0 ? words.all : words.one(index + 1)}
            description={index === 0 ? rest.description : undefined}
            htmlFor={inputId}
            invalid={Boolean(problem)}
            error={problem}
          >
            <Input
              id={inputId}
              type="url"
              value={address}
              disabled={readOnly}
              placeholder={rest.placeholder}
              onPaste={onPaste(index)}
              onChange={(event) => replace(index, [event.currentTarget.value])}
              onBlur={() => setLeft(new Set([...left, index]))}
              addonAfter={
                addresses.length > 1 && (
                  <RemoveButton
                    label={words.remove(index + 1)}
                    disabled={readOnly}
                    onClick={() => replace(index, [])}
                  />
                )
              }
            />
          </Field>
        );
      })}
      <Button
        icon="plus"
        variant="secondary"
        size="sm"
        disabled={readOnly}
        onClick={() => onChange([...addresses, ''])}
      >
        {words.add}
      </Button>
    </Column>
  );
}
