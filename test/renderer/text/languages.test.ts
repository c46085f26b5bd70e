// Every language says everything: the same keys, the same parameters, no word left in English; and which language is chosen.

import { describe, expect, it, test } from 'vitest';
import {
  keepChoice,
  LANGUAGES,
  languageOfPage,
  pickLanguage,
  storedChoice,
} from '../../../src/renderer/text/language.ts';
import { tables, text } from '../../../src/renderer/text/text.ts';

type Message = string | ((...values: never[]) => string);

/** "runs.title" -> the message. */
function messagesOf(table: object, path = ''): Map<string, Message> {
  const found = new Map<string, Message>();
  for (const [key, value] of Object.entries(table) as [string, Message | object][]) {
    const name = path ? `${path}.${key}` : key;
    if (typeof value === 'object') for (const [inner, message] of messagesOf(value, name)) found.set(inner, message);
    else found.set(name, value);
  }
  return found;
}

const english = messagesOf(tables.en);
const others = LANGUAGES.filter((language) => language !== 'en');

/** Where numbers alone will not do. */
const ownValues: Readonly<Record<string, readonly unknown[]>> = { 'sweep.count': [71, [72, 73], 74] };

/** As a message reads with numbers that no message holds by itself, so that they can be found in it again. */
function written(key: string, message: Message, from = 71): string {
  if (typeof message === 'string') return message;
  const values = ownValues[key] ?? Array.from({ length: message.length }, (_, place) => from + place);
  return String(message(...(values as never[])));
}

/** Numbers and signs alone are the same in every language. */
const hasWords = (message: string): boolean => /\p{L}{2}/u.test(message);

/** Names that are the same in every language. */
const names = new Set([
  'Saddle',
  'Node',
  'TensorFlow',
  'WebAssembly',
  'WebGPU',
  'JavaScript',
  'BEGAN: k',
  'NaN',
]); // prettier-ignore

describe.each(others)('%s', (language) => {
  const table = messagesOf(tables[language]);

  it('has the keys of the English table and no others', () => {
    expect([...table.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('takes the same parameters', () => {
    const lengths = (messages: Map<string, Message>): string[] =>
      [...messages].map(([key, message]) => `${key}/${typeof message === 'string' ? 'word' : message.length}`).sort();
    expect(lengths(table)).toEqual(lengths(english));
  });

  it('says something for every key, for none, one and many', () => {
    const silent = [...table].filter(([key, message]) =>
      [0, 1, 71].some((from) => !written(key, message, from).trim()),
    );
    expect(silent).toEqual([]);
  });

  it('shows every value that English shows', () => {
    const numbersIn = (message: string): string[] => [...new Set(message.match(/7\d/g))].sort();
    const shown = (messages: Map<string, Message>): string[] =>
      [...messages.keys()].sort().map((key) => `${key}: ${numbersIn(written(key, messages.get(key)!)).join(' ')}`);
    expect(shown(table)).toEqual(shown(english));
  });

  it('leaves nothing in English but names', () => {
    const left = [...table].filter(([key, message]) => {
      const said = written(key, message);
      return hasWords(said) && !names.has(said) && said === written(key, english.get(key)!);
    });
    expect(left.map(([key]) => key)).toEqual([]);
  });

  it('keeps the words that are typed as they are: keys of the filter, scalars, functions', () => {
    for (const key of ['runs.filter', 'runs.filterHelp', 'compare.formulaHelp', 'checkpoints.noneHint']) {
      const kept = written(key, english.get(key)!).match(
        /(recipe|tag|is|state):\w+|loss\/d|\b(log10|sqrt|batchSize|checkpointEvery)\b/g,
      );
      expect(kept, key).not.toBeNull();
      for (const word of kept!) expect(written(key, table.get(key)!)).toContain(word);
    }
  });
});

it('no name of the list is unused', () => {
  const said = new Set([...english].map(([key, message]) => written(key, message)));
  expect([...names].filter((name) => !said.has(name))).toEqual([]);
});

test.each([
  ['ja first', ['ja', 'en'], 'ja'],
  ['Japanese of Japan', ['ja-JP', 'en-US'], 'ja'],
  ['simplified Chinese', ['zh-CN'], 'zh'],
  ['any other Chinese', ['zh-Hant-TW', 'ja'], 'zh'],
  ['the first there is a table of', ['fr-FR', 'ja', 'zh'], 'ja'],
  ['English before others', ['en-GB', 'ja'], 'en'],
  ['no tag that only begins alike', ['jam', 'zhx'], 'en'],
  ['nothing known', ['fr', 'de'], 'en'],
  ['nothing at all', [], 'en'],
] as const)('as the browser: %s', (_, wanted, language) => {
  expect(pickLanguage('browser', wanted)).toBe(language);
});

test('a choice goes before the browser', () => {
  expect(LANGUAGES.map((choice) => pickLanguage(choice, ['ja']))).toEqual(['en', 'ja', 'zh']);
});

/** What localStorage does, over a Map. */
function storageOf(entries: Record<string, string>): Storage {
  const kept = new Map(Object.entries(entries));
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: (place) => [...kept.keys()][place] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

test('a choice is kept, and taken back with “as the browser”', () => {
  const storage = storageOf({});
  expect(storedChoice(storage)).toBe('browser');
  keepChoice(storage, 'zh');
  expect(storedChoice(storage)).toBe('zh');
  expect(storage.getItem('saddle.language')).toBe('"zh"');
  keepChoice(storage, 'browser');
  expect(storedChoice(storage)).toBe('browser');
  expect(storage.length).toBe(0);
});

test.each(['"fr"', 'zh', '{}', 'null', '["ja"]'])('a stored %s is no choice', (stored) => {
  expect(storedChoice(storageOf({ 'saddle.language': stored }))).toBe('browser');
});

test('without a page the window speaks English', () => {
  expect(languageOfPage()).toBe('en');
  expect(text).toBe(tables.en);
});
