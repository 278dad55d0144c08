import { type Link } from './settings.gen';

/** What is wrong with a link, to be read after its name; the backend says the same in Save & test. */
export function linkProblem({ title, url, datasource, query, around }: Link): string | undefined {
  if (!title?.trim()) {
    return 'has no title to click';
  }
  if (!url === !datasource) {
    return 'must have either url or datasource';
  }
  if (url && !isPage(url)) {
    return `has the url ${JSON.stringify(url)}: write an address with http:// or https://, or a path of this Grafana with /`;
  }
  if (datasource && !query?.trim()) {
    return 'has no query for its data source';
  }
  return around && !milliseconds(around)
    ? `has the around ${JSON.stringify(around)}: write a duration, such as 2m`
    : undefined;
}

/** Whether an address may be opened: no script, no file, no other site behind what looks like a path. */
function isPage(address: string): boolean {
  return address.startsWith('/') ? !/^\/[/\\]/.test(address) : /^https?:\/\//.test(address);
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration as Go writes it; undefined if it is none or not longer than nothing. */
export function milliseconds(duration: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration)) {
    return undefined;
  }
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit], 0) || undefined;
}
