import { describe, expect, it } from 'vitest';
import type { CheckpointRow } from '../../../src/shared/run.ts';
import { dispensable } from '../../../src/main/training/saving.ts';

const row = (step: number, loss: number, starred = false): CheckpointRow => ({
  step,
  file: `checkpoints/${step}`,
  bytes: 1,
  sha256: '',
  wallMs: 0,
  reason: '',
  starred,
  measures: { 'loss/g': loss },
});
const rows = [row(10, 3), row(20, 1, true), row(30, 0.5), row(40, NaN), row(50, 2), row(60, 4)];
const steps = (policy: { keep: number; bestBy: string }) => dispensable(rows, policy).map(({ step }) => step);

describe('the policy of checkpoints', () => {
  it('keeps the newest and the starred ones', () => {
    expect(steps({ keep: 2, bestBy: '' })).toEqual([10, 30, 40]);
    expect(steps({ keep: 6, bestBy: '' })).toEqual([]);
    expect(steps({ keep: Infinity, bestBy: '' })).toEqual([]);
  });

  it('keeps those that are kept for a reason', () => {
    const kept = [{ ...row(5, 1), keptBecause: 'the last before the alert at step 9' }, ...rows];
    expect(dispensable(kept, { keep: 5, bestBy: '' }).map(({ step }) => step)).toEqual([10]);
  });

  it('keeps the one at which the chosen scalar was lowest, NaN never', () => {
    expect(steps({ keep: 1, bestBy: 'loss/g' })).toEqual([10, 40, 50]);
    expect(steps({ keep: 1, bestBy: 'fid' })).toEqual([10, 30, 40, 50]);
  });
});
