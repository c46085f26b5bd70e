// What of a list of commands somebody means: words in any order and any case, each found whole, at the start of a word, inside
// one, or at least with its letters in order. The better a word is found, the higher the command stands.

export interface Findable {
  readonly title: string;
  /** Other words for the same, never shown. */
  readonly also?: string;
}

/** Best first; equally good ones as they were. All of them when nothing was typed. */
export function findCommands<Command extends Findable>(
  commands: readonly Command[],
  typed: string,
): readonly Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return commands;
  return commands
    .map((command) => ({ command, score: scoreOf(command, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
}

function scoreOf({ title, also }: Findable, words: readonly string[]): number {
  const shown = title.toLowerCase();
  const other = also?.toLowerCase() ?? '';
  let sum = shown.startsWith(words.join(' ')) ? 2 : 0;
  for (const word of words) {
    const score = Math.max(wordScore(shown, word), wordScore(other, word) * 0.6);
    if (score === 0) return 0;
    sum += score;
  }
  // Of two that hold the same words, the shorter title is nearer to what was typed.
  return sum + 1 / (1 + shown.length);
}

function wordScore(text: string, word: string): number {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]!)) continue;
    const after = text[at + word.length];
    return after === undefined || !/[\p{L}\p{N}]/u.test(after) ? 10 : 8;
  }
  if (text.includes(word)) return 4;
  // One letter in order says nothing.
  return word.length > 1 && isInOrder(text, word) ? 1 : 0;
}

/** The letters in order within one word, or each at the start of a word that follows: "dcg" in "dcgan", "nr" in "new run". */
function isInOrder(text: string, letters: string): boolean {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const initials = words.map((word) => word[0]).join('');
  return initials.includes(letters) || words.some((word) => word[0] === letters[0] && hasInOrder(word, letters));
}

function hasInOrder(word: string, letters: string): boolean {
  let at = -1;
  return [...letters].every((letter) => (at = word.indexOf(letter, at + 1)) !== -1);
}
