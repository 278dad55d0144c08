/** Releases of nats-server, and what came with which. */

const { compare } = new Intl.Collator('en', { numeric: true });

const lineOf = (release: string): string => release.slice(0, release.lastIndexOf('.'));

/**
 * Reports whether a change is in a release. `firsts` are the first releases with it, one for each line that got it;
 * later lines have it as well.
 */
export function has(release: string, ...firsts: string[]): boolean {
  const sameLine = firsts.find((first) => lineOf(first) === lineOf(release));
  return sameLine ? compare(release, sameLine) >= 0 : firsts.every((first) => compare(release, first) > 0);
}
