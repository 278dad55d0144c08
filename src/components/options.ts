import { getTemplateSrv } from '@grafana/runtime';
import { type ComboboxOption } from '@grafana/ui';
import { type Key } from '../query/model.gen';
import { keyWords } from '../query/words';
import { t } from '../texts';

/** Keys as options, in their display order, under headings. */
export function keyOptions(keys: readonly Key[]): ComboboxOption[] {
  return [
    ...keys.map((value) => ({ value, label: value, ...keyWords(value) })),
    ...variableNames().map((value) => ({ value, label: value, group: t('options.variables', 'Variables') })),
  ];
}

/** The dashboard's variables as they are written in a query. */
export function variableNames(): string[] {
  return getTemplateSrv()
    .getVariables()
    .map(({ name }) => `$${name}`);
}
