import { literalsIn } from './literals.mjs';
import { TRANSLATIONS, translation } from './locales.mjs';
import { parse, sources } from './source.mjs';
import { placeholders, textsIn } from './texts.mjs';

const texts = textsIn(sources());

it('every text that people read can be translated', () => {
  expect(literalsIn(sources())).toEqual([]);
});

it.each([
  ['<p>Nothing stopped</p>', 'Nothing stopped'],
  ['<Input label="Limit" />', 'Limit'],
  ['<Input placeholder={some ? "Choose one" : undefined} />', 'Choose one'],
  ['<p>{`Filter ${position}`}</p>', 'Filter …'],
  ['({ sentence: "Choose another." })', 'Choose another.'],
  ['() => "This address is there twice."', 'This address is there twice.'],
])('%s is no translated text', (source, text) => {
  expect(literalsIn([parse('one.tsx', source)])).toEqual([`src/one.tsx:1: ${text}`]);
});

it.each(['<p>{t("a.b", "Nothing stopped")}</p>', '<Input placeholder="nats://nats-1.example.com:4222" id="limit" />'])(
  '%s is translated',
  (source) => expect(literalsIn([parse('one.tsx', source)])).toEqual([])
);

it('a key stands for one text', () => {
  expect(() => textsIn([parse('one.ts', 't("a.b", "one"); t("a.b", "two")')])).toThrow('a.b is “one” elsewhere');
});

it('Grafana knows German and English', () => {
  expect(texts.size).toBeGreaterThan(200);
  expect(TRANSLATIONS).toEqual(['de-DE']);
});

describe.each(TRANSLATIONS)('%s', (language) => {
  const translated = translation(language);

  it('has every text and no other', () => {
    expect(Object.keys(translated).sort()).toEqual([...texts.keys()].sort());
  });

  it('puts in what the source gives', () => {
    const wrong = Object.entries(translated).filter(([key, text]) => {
      const { english, values } = texts.get(key) ?? { english: '', values: new Set() };
      const known = new Set(values);
      return (
        placeholders(text).some((name) => !known.has(name)) ||
        new Set(placeholders(text)).size < new Set(placeholders(english)).size
      );
    });
    expect(wrong).toEqual([]);
  });

  it('says something everywhere', () => {
    expect(Object.entries(translated).filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});
