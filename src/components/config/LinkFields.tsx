import React from 'react';
import { DataSourcePicker } from '@grafana/runtime';
import { Combobox, Field, FieldSet, Input, Stack, Text, TextArea } from '@grafana/ui';
import { KEYS } from '../../query/model.gen';
import { linkProblem } from '../../settings/links';
import { type Link } from '../../settings/settings.gen';
import { t } from '../../texts';
import { RemoveButton } from '../RemoveButton';

interface Props {
  number: number;
  link: Link;
  readOnly: boolean;
  onChange: (link: Link) => void;
  onRemove: () => void;
}

const COLUMNS = ['cid', ...KEYS].map((value) => ({ value }));

/** One link: its name, where it stands, and where it leads. */
export function LinkFields({ number, link, readOnly, onChange, onRemove }: Props) {
  const id = (part: string) => `nats-link-${number}-${part}`;
  const change = (part: Partial<Link>) => onChange({ ...link, ...part });
  const Target = link.datasource === undefined ? Page : Query;
  const problem = problemOf(link);
  return (
    <FieldSet aria-label={t('linkFields.linkNumber', 'Link {{number}}', { number })} disabled={readOnly}>
      <Stack direction="column" gap={1}>
        <Field noMargin label={t('linkFields.title', 'Title')} htmlFor={id('title')}>
          <Input
            id={id('title')}
            value={link.title}
            onChange={(event) => change({ title: event.currentTarget.value })}
            addonAfter={
              <RemoveButton
                label={t('linkFields.removeLink', 'Remove link {{number}}', { number })}
                disabled={readOnly}
                onClick={onRemove}
              />
            }
          />
        </Field>
        <Target id={id} link={link} readOnly={readOnly} change={change} />
        <Field
          noMargin
          label={t('linkFields.column', 'Column')}
          description={t('linkFields.whereTheLinkStands', 'Where the link stands.')}
          htmlFor={id('key')}
        >
          <Combobox
            id={id('key')}
            options={COLUMNS}
            value={link.key ?? 'cid'}
            disabled={readOnly}
            onChange={({ value }) => change({ key: value })}
          />
        </Field>
        {problem && (
          <Text color="error" variant="bodySmall">
            {problem}
          </Text>
        )}
      </Stack>
    </FieldSet>
  );
}

function problemOf(link: Link): string | undefined {
  if (!link.url && !link.datasource) {
    return link.datasource === undefined
      ? t('linkFields.writeTheAddress', 'Write the address of the page.')
      : t('linkFields.chooseTheDataSource', 'Choose the data source.');
  }
  const problem = linkProblem(link);
  return problem && t('linkFields.thisLink', 'This link {{problem}}.', { problem });
}

interface Leads {
  id: (part: string) => string;
  link: Link;
  readOnly: boolean;
  change: (part: Partial<Link>) => void;
}

function Page({ id, link, change }: Leads) {
  return (
    <Field
      noMargin
      label={t('linkFields.address', 'Address')}
      description={t('linkFields.aPageOrAPath', 'A page, or a path of this Grafana.')}
      htmlFor={id('url')}
    >
      <Input
        id={id('url')}
        value={link.url ?? ''}
        placeholder="https://wiki.example/apps/${app}"
        onChange={(event) => change({ url: event.currentTarget.value })}
      />
    </Field>
  );
}

function Query({ id, link, readOnly, change }: Leads) {
  return (
    <>
      <Field noMargin label={t('linkFields.dataSource', 'Data source')} htmlFor={id('datasource')}>
        <DataSourcePicker
          inputId={id('datasource')}
          current={link.datasource || null}
          noDefault
          disabled={readOnly}
          placeholder={t('linkFields.lokiOrAnyOther', 'Loki or any other')}
          onChange={({ uid }) => change({ datasource: uid })}
        />
      </Field>
      <Field
        noMargin
        label={t('linkFields.query', 'Query')}
        description={t('linkFields.asTextOrTheWhole', 'As text, or the whole query as JSON.')}
        htmlFor={id('query')}
      >
        <TextArea
          id={id('query')}
          rows={2}
          value={link.query ?? ''}
          onChange={(event) => change({ query: event.currentTarget.value })}
        />
      </Field>
      <Field
        noMargin
        label={t('linkFields.aroundTheStop', 'Around the stop')}
        description={t('linkFields.howLongBeforeAndAfter', 'How long before and after it to look.')}
        htmlFor={id('around')}
      >
        <Input
          id={id('around')}
          width={12}
          value={link.around ?? ''}
          placeholder="1m"
          onChange={(event) => change({ around: event.currentTarget.value || undefined })}
        />
      </Field>
    </>
  );
}
