import { type Query, VERSION } from './model.gen';

/**
 * Brings a stored query to the newest version. A version newer than this build's is left alone: the backend refuses it
 * with a sentence, which is better than guessing.
 */
export function migrate<Q extends Partial<Query>>(query: Q): Q & { version: number } {
  return { ...query, version: query.version || VERSION };
}
