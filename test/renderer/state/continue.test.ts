import { expect, test } from 'vitest';
import type { CheckpointRow, RunId, RunState, Verdict } from '../../../src/shared/run.ts';
import type { Parameter } from '../../../src/shared/parameters.ts';
import {
  halvedLearningRates,
  isNonFiniteFailure,
  remedySettings,
  resumePoint,
} from '../../../src/renderer/state/continue.ts';

const checkpoints = [100, 300, 200].map((step) => ({ step }) as CheckpointRow);
const at = (state: RunState, step = 350) => resumePoint({ state, step, parent: null }, checkpoints);

test('a run that ended early resumes from its newest checkpoint, and says how many steps it trains again', () => {
  expect(at({ phase: 'interrupted' })).toEqual({ step: 300, lost: 50 });
  expect(at({ phase: 'stopped' }, 300)).toEqual({ step: 300, lost: 0 });
  expect(at({ phase: 'failed', message: 'disk full' })).toEqual({ step: 300, lost: 50 });
});

test('without a checkpoint it goes back to where it began: step 0, or the step it was forked at', () => {
  const state = { phase: 'interrupted' } as const;
  expect(resumePoint({ state, step: 9, parent: null }, [])).toEqual({ step: 0, lost: 9 });
  const parent = { runId: '20261121-000000-aaaa' as RunId, step: 5 };
  expect(resumePoint({ state, step: 9, parent }, [])).toEqual({ step: 5, lost: 4 });
});

test('what trains or is finished is not offered to be resumed', () => {
  expect(at({ phase: 'running', pid: 1 })).toBeNull();
  expect(at({ phase: 'paused', pid: 1 })).toBeNull();
  expect(at({ phase: 'finished' })).toBeNull();
});

test('only a failure that names a value which is not finite counts as one', () => {
  const failed = (message: string) => isNonFiniteFailure({ phase: 'failed', message });
  expect(failed('loss/d became NaN at step 12')).toBe(true);
  expect(failed('generator/dense/kernel became -Infinity at step 3')).toBe(true);
  expect(failed('the disk is full: /home/nanette')).toBe(false);
  expect(isNonFiniteFailure({ phase: 'interrupted' })).toBe(false);
});

test('half the learning rate halves both rates inside their ranges, and nothing else', () => {
  const number = { kind: 'number', label: '', help: '', group: 'training', default: 1, max: 1 } as const;
  const table = [
    { ...number, name: 'generatorLearningRate', min: 1e-7 },
    { ...number, name: 'discriminatorLearningRate', min: 1e-5 },
    { ...number, name: 'momentum', min: 0 },
  ] as unknown as Parameter[];
  const values = { generatorLearningRate: 2e-4, discriminatorLearningRate: 1e-5, momentum: 0.5 };
  expect(halvedLearningRates(values, table)).toEqual({ generatorLearningRate: 1e-4, discriminatorLearningRate: 1e-5 });
});

test('a remedy offers the settings of the rule’s newest verdict, of those the recipe has and inside their ranges', () => {
  const row = { kind: 'number', label: '', help: '', group: 'training', default: 1, max: 1 } as const;
  const table: readonly Parameter[] = [{ ...row, name: 'generatorLearningRate', min: 1e-3 }];
  const verdict = { rule: 'oscillation', since: 1, over: null, message: '', remedy: '' };
  const verdicts: readonly Verdict[] = [
    { ...verdict, settings: { generatorLearningRate: 0.5 } },
    { ...verdict, since: 9, settings: { generatorLearningRate: 1e-6, gone: 1 } },
  ];
  expect(remedySettings(verdicts, 'oscillation', table)).toEqual({ generatorLearningRate: 1e-3 });
  expect(remedySettings(verdicts, 'd-blind', table)).toEqual({});
});
