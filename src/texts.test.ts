import { initPluginTranslations } from '@grafana/i18n';
import i18next from 'i18next';
import german from './locales/de-DE/natsops-connections-datasource.json';
import pluginJson from './plugin.json';
import { summarize } from './query/summary';
import { problemOf } from './query/validity';
import { columnLabel, keyWords } from './query/words';
import { t } from './texts';

const { id } = pluginJson;

beforeAll(() => initPluginTranslations(id));

afterEach(() => i18next.changeLanguage('en-US'));

/** What Grafana does before it loads the plugin. */
async function speakGerman() {
  i18next.addResourceBundle('de-DE', id, german);
  await i18next.changeLanguage('de-DE');
  await initPluginTranslations(id);
}

test('who reads English reads what the source says', () => {
  expect(t('filters.addFilter', 'Add filter')).toBe('Add filter');
  expect(columnLabel('last_seen')).toBe('Last seen');
});

test('who reads German reads German, also what comes from tables, and numbers as they are written there', async () => {
  await speakGerman();
  expect(t('filters.addFilter', 'Add filter')).toBe('Filter hinzufügen');
  expect(keyWords('account')).toEqual({ group: 'Wo', description: 'NATS-Account' });
  expect(columnLabel('last_seen')).toBe('Zuletzt gesehen');
  expect(
    summarize({
      queryType: 'stops',
      view: 'table',
      groupBy: ['app', 'account'],
      filters: [{ key: 'category', operator: '=', values: ['auth'] }],
      sort: { by: 'last_seen', desc: true },
      limit: 2000,
    })
  ).toBe(
    'Geschlossene Verbindungen nach app und account, mit category gleich auth, neueste zuerst nach „Zuletzt gesehen“, die 2.000 größten Gruppen'
  );
});

test('what is put into a text stands there as it is', () => {
  expect(t('links.recordsOf', 'Records of {{group}}', { group: '<b>&"/{{x}}$t(a)' })).toBe(
    'Records of <b>&"/{{x}}$t(a)'
  );
  expect(problemOf({ queryType: 'stops', view: 'table', groupBy: ['"<' as 'app'] })?.sentence).toBe(
    'table of stops cannot be grouped by “"<”; remove it.'
  );
});
