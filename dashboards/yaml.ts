import { stringify } from 'yaml';

/** Objects as Grafana reads them: without what only the builders need. */
export const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

/** Texts are in quotes, since readers differ in what else they take for numbers and booleans. */
export const yaml = (value: object): string =>
  stringify(plain(value), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: 'QUOTE_SINGLE',
    defaultKeyType: 'PLAIN',
  });
