import { t } from '../texts';
/** Why answers cannot go to a subject, as the backend would say it. */
export function inboxProblem(prefix: string): string | undefined {
  const fits = prefix === '' || /^[^\s.*>]+(\.[^\s.*>]+)*$/.test(prefix);
  return fits
    ? undefined
    : t('inbox.writeASubjectWithoutWildcards', 'Write a subject without wildcards, such as _INBOX_grafana.');
}
