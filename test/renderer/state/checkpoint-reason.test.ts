// The reasons that the training process records are known to the window in every language.

import { expect, test } from 'vitest';
import { periodicReason } from '../../../src/main/training/saving.ts';
import { reasonOf } from '../../../src/renderer/state/checkpoint-reason.ts';
import { tables } from '../../../src/renderer/text/text.ts';

test('what comes by itself says how often, whatever the language', () => {
  expect(reasonOf(periodicReason(250))).toBe('every 250 steps');
  expect(reasonOf(periodicReason(250), tables.ja.checkpoints)).toBe('250 ステップごと');
  expect(reasonOf(periodicReason(250), tables.zh.checkpoints)).toBe('每 250 步');
});

test('the others have a word, and what is unknown is shown as it was recorded', () => {
  for (const reason of ['paused', 'stopped', 'finished']) {
    expect(reasonOf(reason)).toBe(reason);
    expect(reasonOf(reason, tables.ja.checkpoints)).not.toBe(reason);
    expect(reasonOf(reason, tables.zh.checkpoints)).not.toBe(reason);
  }
  expect(reasonOf('imported from elsewhere', tables.ja.checkpoints)).toBe('imported from elsewhere');
});
