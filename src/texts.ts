import { t as translate } from '@grafana/i18n';

type Values = Record<string, string | number>;

/** A text in the language of who reads it; the English one where there is no other. React escapes what is put in. */
export function t(key: string, english: string, values: Values = {}): string {
  return translate(key, english, { replace: values, interpolation: { escapeValue: false } });
}

/** The texts of one row of a table, whose English stays the one source; each has the row's key and its own. */
export function translated<W extends object>(key: string, row: W): W {
  const texts = Object.entries(row).map(([part, english]) => [part, t(`${key}.${part}`, String(english))]);
  return Object.fromEntries(texts) as W;
}
