/** Releases of nats-server, and what came with which. */

type Version = [major: number, minor: number, patch: number];

const parse = (release: string): Version => {
  const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number);
  return [major, minor, patch];
};

const compare = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/**
 * Reports whether a change is in a release. `firsts` are the first releases with it, one for each line that got it;
 * later lines have it as well.
 */
export function has(release: string, ...firsts: string[]): boolean {
  const version = parse(release);
  const sameLine = firsts.map(parse).find(([major, minor]) => major === version[0] && minor === version[1]);
  return sameLine ? compare(version, sameLine) >= 0 : firsts.every((first) => compare(version, parse(first)) > 0);
}
