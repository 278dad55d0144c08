// The frontend's texts as Grafana loads them: English is written from the source, other languages by people.
import fs from 'node:fs';
import path from 'node:path';

import { ROOT } from '../lib.mjs';
import { sources } from './source.mjs';
import { textsIn } from './texts.mjs';

const { id, languages } = JSON.parse(fs.readFileSync(path.join(ROOT, 'src', 'plugin.json'), 'utf8'));

const fileOf = (language) => `src/locales/${language}/${id}.json`;

export const TRANSLATIONS = languages.filter((language) => language !== 'en-US');

/** The English texts by the path of their file. */
export function english() {
  const nested = {};
  for (const [key, { english: text }] of [...textsIn(sources())].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const steps = key.split('.');
    const last = steps.pop();
    const place = steps.reduce((object, step) => (object[step] ??= {}), nested);
    place[last] = text;
  }
  return { [fileOf('en-US')]: JSON.stringify(nested) };
}

/** The texts of a language by their keys. */
export function translation(language) {
  const flat = (object, before) =>
    Object.entries(object).flatMap(([step, value]) =>
      typeof value === 'string' ? [[before + step, value]] : flat(value, `${before}${step}.`)
    );
  return Object.fromEntries(flat(JSON.parse(fs.readFileSync(path.join(ROOT, fileOf(language)), 'utf8')), ''));
}
