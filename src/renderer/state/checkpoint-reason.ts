// Why a checkpoint was written, as the training process recorded it, in the words of the window where it has words for it.

import { text, type Messages } from '../text/text.ts';

export function reasonOf(recorded: string, words: Messages['checkpoints'] = text.checkpoints): string {
  const every = /^every (\d+) steps$/.exec(recorded)?.[1];
  return every === undefined ? (words.reasons[recorded] ?? recorded) : words.every(every);
}
