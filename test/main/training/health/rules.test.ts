// Every rule of health: a series that provokes it, one that does not, and what an episode is.

import { describe, expect, it } from 'vitest';
import type { ParameterValues } from '../../../../src/shared/parameters.ts';
import { rules, startRules } from '../../../../src/main/training/health/rules.ts';
import { createWatch, type Change } from '../../../../src/main/training/health/watch.ts';

type Values = Readonly<Record<string, number>>;
type At = (step: number) => Values;

/** What a run says that records these scalars at each of its steps. */
function watchRun(steps: number, at: At, parameters: ParameterValues = {}, every = 1): Change[] {
  const watch = createWatch(rules, parameters);
  const changes: Change[] = [];
  for (let step = every; step <= steps; step += every) {
    changes.push(...watch.observe(step, new Map(Object.entries(at(step)))));
  }
  return changes;
}

interface Case {
  readonly rule: string;
  readonly bad: At;
  readonly good: At;
  readonly steps?: number;
  readonly every?: number;
  readonly parameters?: ParameterValues;
  /** Where the alert comes. */
  readonly since: number;
}

const steady =
  (values: Values): At =>
  () =>
    values;

// prettier-ignore
const cases: readonly Case[] = [
  { rule: 'd-too-strong', since: 200,
    bad: steady({ 'loss/d': 0.05, 'prob/d_fake': 0.01, 'loss/g': 5 }),
    good: steady({ 'loss/d': 0.05, 'prob/d_fake': 0.01, 'loss/g': 3.9 }) },
  { rule: 'd-too-strong', since: 200, parameters: { loss: 'minimax' },
    bad: steady({ 'loss/d': 0.05, 'prob/d_fake': 0.01, 'loss/g': -0.01 }),
    good: steady({ 'loss/d': 0.2, 'prob/d_fake': 0.01, 'loss/g': -0.01 }) },
  { rule: 'g-gradient-vanished', since: 200, parameters: { loss: 'minimax' },
    bad: steady({ 'grad/g_norm': 1e-6, 'prob/d_fake': 0.001 }),
    good: steady({ 'grad/g_norm': 1e-4, 'prob/d_fake': 0.001 }) },
  { rule: 'd-blind', since: 500, steps: 1500,
    bad: (step) => ({ 'acc/d_real': 0.5, 'acc/d_fake': 0.48, ...(step % 100 === 0 && { 'grid/change': 0.001 }) }),
    good: (step) => ({ 'acc/d_real': 0.5, 'acc/d_fake': 0.48, ...(step % 100 === 0 && { 'grid/change': 0.05 }) }) },
  { rule: 'mode-collapse', since: 700, steps: 2000, every: 100,
    bad: (step) => ({ 'grid/trace_ratio': step < 500 ? 0.9 : 0.2 }), good: steady({ 'grid/trace_ratio': 0.4 }) },
  { rule: 'mode-collapse', since: 500, steps: 2000, every: 100,
    bad: steady({ 'grid/ssim_fake': 0.5, 'grid/ssim_real': 0.35 }),
    good: steady({ 'grid/ssim_fake': 0.4, 'grid/ssim_real': 0.35 }) },
  { rule: 'mode-collapse', since: 500, steps: 2000, every: 100,
    bad: steady({ 'grid/class_kl': 0.6 }), good: steady({ 'grid/class_kl': 0.3 }) },
  { rule: 'mode-collapse', since: 6000, steps: 12_000, every: 2000,
    bad: steady({ 'eval/recall': 0.05, 'eval/precision': 0.9 }),
    good: steady({ 'eval/recall': 0.05, 'eval/precision': 0.3 }) },
  { rule: 'oscillation', since: 500, steps: 2000, every: 100,
    bad: steady({ 'grid/class_change': 0.8 }),
    good: (step) => ({ 'grid/class_change': step % 300 === 0 ? 0.2 : 0.8 }) },
  { rule: 'began-k-at-0', since: 2000, steps: 2500,
    bad: steady({ 'began/k_t': 0 }), good: (step) => ({ 'began/k_t': step % 1000 === 0 ? 0.01 : 0 }) },
  { rule: 'began-k-at-1', since: 2000, steps: 2500,
    bad: steady({ 'began/k_t': 1 }), good: steady({ 'began/k_t': 0.9 }) },
  { rule: 'began-stall', since: 8000, steps: 8400, parameters: { rateFloor: 2e-5 },
    bad: steady({ 'convergence/m_global': 0.2, 'lr/g': 2e-5 }),
    good: (step) => ({ 'convergence/m_global': 0.2 * 0.99999 ** step, 'lr/g': 2e-5 }) },
  { rule: 'began-stall', since: 8000, steps: 8400, parameters: { rateFloor: 2e-5 },
    bad: steady({ 'convergence/m_global': 0.2, 'lr/g': 2e-5 }),
    good: steady({ 'convergence/m_global': 0.2, 'lr/g': 4e-5 }) },
  // White noise is no board, however much of it there is.
  { rule: 'checkerboard', since: 500, steps: 2000, every: 100,
    bad: steady({ 'grid/board_fake': 0.06, 'grid/board_real': 0.002, 'grid/parity': 0.05 }),
    good: steady({ 'grid/board_fake': 0.06, 'grid/board_real': 0.002, 'grid/parity': 0.003 }) },
  { rule: 'checkerboard', since: 500, steps: 2000, every: 100,
    bad: steady({ 'grid/board_fake': 0.05, 'grid/board_real': 0.02, 'grid/parity': 0.015 }),
    good: steady({ 'grid/board_fake': 0.03, 'grid/board_real': 0.02, 'grid/parity': 0.015 }) },
  { rule: 'checkerboard', since: 500, steps: 2000, every: 100,
    bad: steady({ 'grid/board_fake': 0.02, 'grid/board_real': 0.02, 'grid/parity': 0.03 }),
    good: steady({ 'grid/board_fake': 0.02, 'grid/board_real': 0.02, 'grid/parity': 0.01 }) },
  { rule: 'identity-a', since: 200,
    bad: steady({ 'translate/change_A': 0.03, 'loss/d_A': 0.05 }),
    good: steady({ 'translate/change_A': 0.3, 'loss/d_A': 0.05 }) },
  { rule: 'inversion-b', since: 200,
    bad: steady({ 'translate/correlation_B': -0.7 }), good: steady({ 'translate/correlation_B': -0.2 }) },
  { rule: 'cycle-leak-a', since: 200,
    bad: steady({ 'loss/cycle_A': 0.01, 'translate/spread_A': 0.05 }),
    good: steady({ 'loss/cycle_A': 0.01, 'translate/spread_A': 0.5 }) },
  { rule: 'text-ignored', since: 2000, steps: 2500,
    bad: steady({ 'loss/d_wrong': 0.61, 'loss/d_real': 0.6 }),
    good: steady({ 'loss/d_wrong': 0.7, 'loss/d_real': 0.6 }) },
  { rule: 'text-ignored', since: 2000, steps: 2500,
    bad: steady({ 'eval/caption_accuracy': 0.12, 'eval/caption_chance': 0.1 }),
    good: steady({ 'eval/caption_accuracy': 0.4, 'eval/caption_chance': 0.1 }) },
  { rule: 'memory-leak', since: 105,
    bad: (step) => ({ 'mem/tensors': 80 + step }), good: (step) => ({ 'mem/tensors': 80 + (step % 50) }) },
  { rule: 'memorisation', since: 6000, steps: 12_000, every: 2000,
    bad: steady({ 'grid/nn_train': 2, 'grid/nn_validation': 5 }),
    good: steady({ 'grid/nn_train': 4, 'grid/nn_validation': 5 }) },
];

describe.each(cases)('$rule', ({ rule, bad, good, steps = 400, every = 1, parameters = {}, since }) => {
  it(`is said once, at step ${since}, with what to do`, () => {
    const changes = watchRun(steps, bad, parameters, every);
    expect(changes.map(({ kind, verdict }) => [kind, verdict.rule])).toEqual([['alert', rule]]);
    expect(changes[0]!.verdict).toMatchObject({ since, over: null });
    expect(changes[0]!.verdict.message).toMatch(/^[A-Z].*\.$/);
    expect(changes[0]!.verdict.remedy).toMatch(/^[A-Z].*\.$/);
  });

  it('is not said of a run that is well', () => {
    expect(watchRun(steps, good, parameters, every)).toEqual([]);
  });
});

describe('every rule', () => {
  it('is provoked above, and has an id of its own', () => {
    const told = new Set(cases.map(({ rule }) => rule.replace(/-[ab]$/, '')));
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids.map((id) => id.replace(/-[ab]$/, '')))).toEqual(told);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('an episode', () => {
  const values = (isBad: boolean) => ({ 'loss/d': isBad ? 0.01 : 1.3, 'prob/d_fake': isBad ? 0.01 : 0.4, 'loss/g': 6 });

  it('outlasts a short relief, is over after a longer one, and may come again', () => {
    // Bad from step 1 on; well for 100 steps (too short), for 500 steps, and bad again.
    const isBad = (step: number) => !((step > 300 && step <= 400) || (step > 1000 && step <= 1500));
    const changes = watchRun(2500, (step) => values(isBad(step)));
    expect(changes.map(({ kind, verdict }) => [kind, verdict.since])).toEqual([
      ['alert', 200],
      ['relief', 200],
      ['alert', changes[2]!.verdict.since],
    ]);
    const [, relief, again] = changes;
    expect(relief!.verdict.over).toBe(1400);
    expect(again!.verdict.since).toBeGreaterThan(1650);
  });

  it('goes on over a resume as if there had been none, wherever it is cut', () => {
    const isBad = (step: number) => (step > 200 && step <= 600) || step > 1300;
    const at = (step: number) => new Map(Object.entries(values(isBad(step))));
    const whole = watchRun(2000, (step) => values(isBad(step)));
    for (const cut of [150, 390, 400, 450, 599, 750, 1009, 1010, 1011, 1031, 1299, 1700]) {
      const changes: Change[] = [];
      const first = createWatch(rules, {});
      for (let step = 1; step <= cut; step++) changes.push(...first.observe(step, at(step)));
      const alerts = changes.filter(({ kind }) => kind === 'alert').map(({ verdict }) => verdict);
      const over = new Map(
        changes.filter(({ kind }) => kind === 'relief').map(({ verdict }) => [verdict.since, verdict]),
      );
      const second = createWatch(rules, {});
      const memory = second.memory.get('loss/d')!;
      const last = Array.from({ length: Math.min(cut, memory) }, (_, back) => cut - Math.min(cut, memory) + 1 + back);
      second.recall(
        alerts.map((verdict) => over.get(verdict.since) ?? verdict),
        last.map((step) => [step, at(step)] as const),
      );
      for (let step = cut + 1; step <= 2000; step++) changes.push(...second.observe(step, at(step)));
      expect(changes, `cut at ${cut}`).toEqual(whole);
    }
  });
});

describe('remedies', () => {
  it('are settings that the run has, made from its own', () => {
    const parameters = { loss: 'kl', generatorLearningRate: 0.002, discriminatorLearningRate: 0.004, gamma: 0.5 };
    const remedyOf = (id: string) => rules.find((rule) => rule.id === id)!.settings!(parameters);
    expect(remedyOf('d-too-strong')).toEqual({ discriminatorLearningRate: 0.002 });
    expect(remedyOf('mode-collapse')).toEqual({
      generatorLearningRate: 0.001,
      discriminatorLearningRate: 0.002,
      loss: 'non-saturating',
      gamma: 0.6,
    });
    expect(rules.find((rule) => rule.id === 'oscillation')!.settings!({ batchSize: 4 })).toEqual({});
  });
});

describe('range-mismatch', () => {
  const [rule] = startRules;

  it('is said of images in 0 to 1 against tanh, and of images below 0 against sigmoid', () => {
    const tanh = { parameters: { output: 'tanh', imageRange: '0..1' }, min: 0, max: 1 };
    expect(rule!.judge(tanh)).toBe(
      "The real images lie between 0 and 1, but G's tanh gives -1 to 1: half of its range is never right.",
    );
    expect(rule!.settings!(tanh.parameters)).toEqual({ imageRange: '-1..1' });
    const sigmoid = { parameters: { output: 'sigmoid', imageRange: '-1..1' }, min: -1, max: 1 };
    expect(rule!.judge(sigmoid)).toMatch(/cannot make what is below 0/);
    expect(rule!.settings!(sigmoid.parameters)).toEqual({ imageRange: '0..1' });
  });

  it('is not said where the range fits, nor of outputs without one', () => {
    expect(rule!.judge({ parameters: { output: 'tanh' }, min: -1, max: 0.9 })).toBeNull();
    expect(rule!.judge({ parameters: { output: 'sigmoid' }, min: 0, max: 1 })).toBeNull();
    expect(rule!.judge({ parameters: {}, min: 0, max: 1 })).toBeNull();
  });
});
