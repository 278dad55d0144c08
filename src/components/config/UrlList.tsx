import React, { useState } from 'react';
import { Button, Field, Input, Stack } from '@grafana/ui';
import { splitUrls, urlProblem } from '../../settings/urls';
import { RemoveButton } from '../RemoveButton';
import { type ConfigPart } from './part';

/** The servers' monitoring URLs, one input each; a paste of several makes several inputs. */
export function UrlList({ options, readOnly, onChange }: ConfigPart) {
  const stored = options.urls ?? [];
  // An empty list still offers an input to write in.
  const urls = stored.length > 0 ? stored : [''];
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const change = (next: string[]) => onChange({ urls: next });
  const replace = (index: number, parts: string[]) =>
    change([...urls.slice(0, index), ...parts, ...urls.slice(index + 1)]);
  const onPaste = (index: number) => (event: React.ClipboardEvent<HTMLInputElement>) => {
    const parts = splitUrls(event.clipboardData.getData('text'));
    if (parts.length > 1) {
      event.preventDefault();
      replace(index, [...(urls[index] ? [urls[index]] : []), ...parts]);
      setLeft(new Set([...urls, ...parts].keys()));
    }
  };
  return (
    <Stack direction="column" gap={0.5} alignItems="flex-start">
      {urls.map((url, index) => {
        const others = urls.filter((_, position) => position < index);
        const problem = url || left.has(index) ? urlProblem(url, others) : undefined;
        const shown = left.has(index) ? problem : undefined;
        const id = `nats-url-${index}`;
        return (
          <Field
            key={index}
            noMargin
            required
            label={index === 0 ? 'Monitoring URLs' : `Monitoring URL ${index + 1}`}
            description={index === 0 ? 'One for each server. Several can be pasted at once.' : undefined}
            htmlFor={id}
            invalid={Boolean(shown)}
            error={shown}
          >
            <Input
              id={id}
              type="url"
              width={56}
              value={url}
              disabled={readOnly}
              placeholder="http://nats-1.example.com:8222"
              onPaste={onPaste(index)}
              onChange={(event) => replace(index, [event.currentTarget.value])}
              onBlur={() => setLeft(new Set([...left, index]))}
              addonAfter={
                urls.length > 1 && (
                  <RemoveButton name={`URL ${index + 1}`} disabled={readOnly} onClick={() => replace(index, [])} />
                )
              }
            />
          </Field>
        );
      })}
      <Button icon="plus" variant="secondary" size="sm" disabled={readOnly} onClick={() => change([...urls, ''])}>
        Add URL
      </Button>
    </Stack>
  );
}
