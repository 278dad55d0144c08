import { type NatsOptions } from '../types';
import { KINDS, type Kind } from './settings.gen';
import { splitUrls } from './urls';

/**
 * The settings as the page shows them. Tools write texts for lists, numbers and switches, and nothing for what is absent;
 * the backend reads them so, and what nobody edits stays as it is written.
 */
export function asMeant(written: NatsOptions, url = ''): NatsOptions {
  const meant: NatsOptions = members(written);
  const fallback = splitUrls(url);
  const hasServers = [meant.urls, meant.nats?.servers].some((list) => list && list.length > 0);
  return hasServers || fallback.length === 0 ? meant : { ...meant, urls: fallback };
}

function members(written: object, inside = ''): object {
  return Object.fromEntries(
    Object.entries(written).map(([name, value]: [string, unknown]) => [name, valueOf(value, inside + name)])
  );
}

function valueOf(value: unknown, name: string): unknown {
  const kind: Kind | undefined = KINDS[name];
  if (kind === undefined || value === null || value === undefined || value === '') {
    return value === null || value === '' ? undefined : value;
  }
  if (kind === 'object') {
    return typeof value === 'object' ? members(value, `${name}.`) : undefined;
  }
  if (kind === 'list of texts') {
    return listOf(value, name === 'appPatterns' ? /[\r\n]+/ : undefined);
  }
  if (kind === 'list of links') {
    const list: unknown = typeof value === 'string' ? parsed(value) : value;
    return Array.isArray(list) ? list : undefined;
  }
  const text = String(value).trim();
  switch (kind) {
    case 'number':
      return Number.isNaN(Number(text)) ? value : Number(text);
    case 'true or false':
      return /^(1|t|true)$/i.test(text);
    case 'text':
    case 'duration':
      return typeof value === 'string' ? value : text;
    case 'reason → class':
    case 'rule → threshold → number':
    case 'lines of text':
      return value;
  }
}

/** One text may hold a list; an entry of a list that holds two addresses is two. */
function listOf(value: unknown, separator?: RegExp): unknown {
  const list = typeof value === 'string' ? parsed(value) : undefined;
  if (list) {
    return listOf(list, separator);
  }
  if (typeof value === 'string') {
    return separator ? value.split(separator).filter((part) => part.trim() !== '') : splitUrls(value);
  }
  const entries: unknown[] = Array.isArray(value) ? value : [];
  return entries
    .filter((entry) => typeof entry === 'string')
    .flatMap((entry) => (!separator && /:\/\/.*[\s,;].*:\/\//s.test(entry) ? splitUrls(entry) : [entry]));
}

/** A list that was written as JSON. */
function parsed(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
