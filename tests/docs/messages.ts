/** Finds in the backend's source what the plugin says to people. */
import fs from 'node:fs';
import path from 'node:path';

import { ROOT } from './pages';

const LITERAL = String.raw`"(?:[^"\\\n]|\\.)*"`;
const TEXT = String.raw`(?:${LITERAL}|\x60[^\x60\n]*\x60)`;
// Literals and what is put between them: "HTTP " + strconv.Itoa(status) + "."
const JOINED = new RegExp(String.raw`${TEXT}(?:\s*\+\s*[\w.()\s]+?\s*\+\s*${TEXT}|\s*\+\s*${TEXT})*`, 'g');
const VERBS = /%[+#]?[vdqsTw]/g;

function goSource(): string {
  const folder = path.join(ROOT, 'pkg');
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.go') && !file.endsWith('_test.go'))
    .map((file) => fs.readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');
}

/** What is put into a message stands as “…”, runs of it as one. */
export function plain(message: string): string {
  return message.replace(VERBS, '…').replace(/\s+/g, ' ').trim();
}

function textOf(joined: string): string {
  const pieces = joined.match(new RegExp(TEXT, 'g')) ?? [];
  const between = joined.replace(new RegExp(TEXT, 'g'), '\u0000').split('\u0000').slice(1, -1);
  const texts = pieces.map((piece) => piece.slice(1, -1).replace(/\\(["\\])/g, '$1'));
  return texts.map((text, i) => text + (/\w/.test(between[i] ?? '') ? '…' : '')).join('');
}

/** Every text of the backend, and of the browser's side in English, as people may come to see it. */
export function messages(): string[] {
  return [...(goSource().match(JOINED) ?? []).map(textOf), ...shown()].map(plain);
}

function shown(): string[] {
  const file = path.join(ROOT, 'src/locales/en-US/natsops-connections-datasource.json');
  const texts: string[] = [];
  JSON.parse(fs.readFileSync(file, 'utf8'), (_, value: unknown) => typeof value === 'string' && texts.push(value));
  return texts.map((text) => text.replace(/\{\{[^}]*\}\}/g, '…'));
}

/** What each failed read of a server is called: the sentences of source.Error. */
export function failures(): string[] {
  const sentence = new RegExp(String.raw`(?:source\.Kind\w+(?:, [\w.]+)*?,\s*|Sentence:\s*)(${JOINED.source})`, 'g');
  return [...goSource().matchAll(sentence)].map(([, joined = '']) => plain(textOf(joined)));
}
