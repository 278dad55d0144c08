import { t } from '../texts';
import { type Link } from './settings.gen';

/** What is wrong with a link, to be read after its name; the backend says the same in Save & test. */
export function linkProblem({ title, url, datasource, query, around }: Link): string | undefined {
  if (!title?.trim()) {
    return t('link.hasNoTitleToClick', 'has no title to click');
  }
  if (!url === !datasource) {
    return t('link.mustHaveEitherUrlOr', 'must have either url or datasource');
  }
  if (url && !isPage(url)) {
    return t(
      'link.noAddress',
      'has the url {{url}}: write an address with http:// or https://, or a path of this Grafana with /',
      { url: JSON.stringify(url) }
    );
  }
  if (datasource && !query?.trim()) {
    return t('link.hasNoQueryForIts', 'has no query for its data source');
  }
  return around && !milliseconds(around)
    ? t('link.noDuration', 'has the around {{around}}: write a duration, such as 2m', {
        around: JSON.stringify(around),
      })
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
