// Translates what the services say. They speak English alone, and a run keeps what they said; here a text is looked for as a
// whole, then as several sentences after each other, then as a pattern with values in it. What is not found stays English.

import { languageOfPage, type Language } from '../language.ts';
import { dataSets } from './data.ts';
import { health } from './health.ts';
import { machine } from './machine.ts';
import { messages } from './messages.ts';
import { parameters } from './parameters.ts';
import { recipes } from './recipes.ts';
import type { Sentence } from './sentence.ts';

export const sentences: readonly Sentence[] = [
  ...parameters,
  ...recipes,
  ...dataSets,
  ...health,
  ...messages,
  ...machine,
];

type Translate = (english: string) => string | null;

/** Null where something of the text is not in the tables. */
export function createTranslator(language: Exclude<Language, 'en'>): Translate {
  const place = language === 'ja' ? 1 : 2;
  const whole = new Map(sentences.map((sentence) => [sentence[0], sentence[place]]));
  const patterns = sentences
    .filter(([english]) => english.includes('{0}'))
    .map((sentence) => ({ pattern: patternOf(sentence[0]), words: sentence[place] }));

  const fill = (words: string, values: readonly string[]): string =>
    // A value of several words may be a sentence itself; a name or a number is shown as it is.
    words.replace(/\{(\d)\}/g, (_, at: string) => {
      const value = values[Number(at)]!;
      return (value.includes(' ') && translate(value)) || value;
    });

  function translate(english: string): string | null {
    const found = whole.get(english);
    if (found !== undefined) return found;
    // Before the patterns: the value of one of them would take in the sentences that follow.
    const parts = translateParts(english);
    if (parts !== null) return parts;
    for (const { pattern, words } of patterns) {
      const match = pattern.exec(english);
      if (match) return fill(words, match.slice(1));
    }
    return null;
  }

  /** Sentences end in a full stop and a space; the first end at which both sides are known counts. */
  function translateParts(english: string): string | null {
    for (let end = english.indexOf('. '); end !== -1; end = english.indexOf('. ', end + 1)) {
      const first = translate(english.slice(0, end + 1));
      const rest = first === null ? null : translate(english.slice(end + 2));
      if (rest !== null) return `${first}${rest}`;
    }
    return null;
  }
  return translate;
}

/** The values are found in the order of their numbers in the English. */
function patternOf(english: string): RegExp {
  const parts = english.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.+?)')}$`, 's');
}

const language = languageOfPage();
const translator = language === 'en' ? null : createTranslator(language);

/** In the language of the page, as far as the tables know the text. */
export function translate(english: string): string {
  return translator?.(english) ?? english;
}
