// Which language the window speaks: the one chosen on the Settings page, else the first the browser asks for that there is a
// table of, else English. Chosen once when the page loads; another choice loads the page anew.

export const LANGUAGES = ['en', 'ja', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What may be chosen; `browser` is the absence of a choice. */
export const LANGUAGE_CHOICES = ['browser', ...LANGUAGES] as const;
export type LanguageChoice = (typeof LANGUAGE_CHOICES)[number];

/** Each in itself, so that everybody finds their own. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', ja: '日本語', zh: '中文' };

/** As the document is marked, for the shapes of Han characters, hyphens and voices: the Chinese table is in simplified characters. */
const documentTags: Readonly<Record<Language, string>> = { en: 'en', ja: 'ja', zh: 'zh-Hans' };

const KEY = 'saddle.language';

function languageOf(tag: unknown): Language | undefined {
  return LANGUAGES.find((language) => language === tag);
}

/** `wanted` are BCP 47 tags, the dearest first, as in `navigator.languages`: "zh-TW" and "zh-Hans-CN" are both zh. */
export function pickLanguage(choice: LanguageChoice, wanted: readonly string[]): Language {
  if (choice !== 'browser') return choice;
  const found = wanted.map((tag) => languageOf(tag.toLowerCase().split('-')[0]));
  return found.find((language) => language !== undefined) ?? 'en';
}

/** `browser` where nothing was kept, where what was kept is no language, and where the storage is closed to the page. */
export function storedChoice(storage: Storage): LanguageChoice {
  try {
    return languageOf(JSON.parse(storage.getItem(KEY) ?? 'null')) ?? 'browser';
  } catch {
    return 'browser';
  }
}

export function keepChoice(storage: Storage, choice: LanguageChoice): void {
  if (choice === 'browser') storage.removeItem(KEY);
  else storage.setItem(KEY, JSON.stringify(choice));
}

/** The language of this page from its load on, and marks the document with it. English where there is no page (unit tests). */
export function languageOfPage(): Language {
  if (typeof document === 'undefined') return 'en';
  const language = pickLanguage(choiceOfPage(), navigator.languages);
  document.documentElement.lang = documentTags[language];
  return language;
}

export function choiceOfPage(): LanguageChoice {
  try {
    return storedChoice(localStorage);
  } catch {
    return 'browser'; // Reading `localStorage` itself throws where the browser forbids storage.
  }
}

/** Keeps the choice and shows it: the words are part of what every page is made of, so the page starts over. */
export function chooseLanguage(choice: LanguageChoice): void {
  keepChoice(localStorage, choice);
  location.reload();
}
