// Several runs from one form: which, under which names, and what is refused as it is typed.

import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../src/renderer/state/draft.svelte.ts';
import { automaticTag, combine, parseValues } from '../../../src/renderer/state/sweep.ts';
import { Sweep } from '../../../src/renderer/state/sweep.svelte.ts';
import type { NewRun } from '../../../src/shared/contract.ts';
import type { Parameter } from '../../../src/shared/parameters.ts';

const row = { label: '', help: '', group: 'training' } as const;
const BATCH: Parameter = { ...row, kind: 'number', name: 'batchSize', default: 16, min: 2, max: 64, integer: true };
const RATE: Parameter = { ...row, kind: 'number', name: 'rate', default: 0.001, min: 0, max: 1 };
const LOSS: Parameter = {
  ...{ ...row, kind: 'choice', name: 'loss', default: 'bce' },
  choices: ['bce', 'hinge', 'wgan-gp'].map((value) => ({ value, label: value })),
};
const FLIP: Parameter = { ...row, kind: 'switch', name: 'flip', default: false };

const WISH: NewRun = {
  ...{ recipe: 'gan-mlp', preset: 'app', data: 'glyphs', seed: 5, steps: 10, name: '', backend: 'cpu' },
  parameters: { rate: 0.1 },
};

describe('typed values', () => {
  it('are read by the row of their setting, with commas or spaces between them', () => {
    expect(parseValues(BATCH, ' 16, 32;8 64')).toEqual([16, 32, 8, 64]);
    expect(parseValues(RATE, '1e-4 0.5')).toEqual([1e-4, 0.5]);
    expect(parseValues(LOSS, 'hinge,wgan-gp')).toEqual(['hinge', 'wgan-gp']);
    expect(parseValues(FLIP, 'true,false')).toEqual([true, false]);
  });

  it.each([
    ['16, 1', /^batchSize: expected a whole number from 2 to 64, found 1$/],
    ['16 x', /found "x"$/],
    ['16, 32, 16', /^batchSize: 16 stands there twice$/],
    [' , ', /^batchSize: expected values, such as 16, 32$/],
  ])('are refused: "%s"', (typed, message) => {
    expect(() => parseValues(BATCH, typed)).toThrow(message);
  });
});

describe('combinations', () => {
  it('are every value with every other and every seed, and their names say which', () => {
    const axes = [
      { name: 'batchSize', values: [8, 16] },
      { name: 'loss', values: ['hinge'] },
    ];
    const wishes = combine(WISH, 'night', [5, 6], axes);
    expect(wishes.map(({ name }) => name)).toEqual([
      'night, batchSize 8, loss hinge, seed 5',
      'night, batchSize 8, loss hinge, seed 6',
      'night, batchSize 16, loss hinge, seed 5',
      'night, batchSize 16, loss hinge, seed 6',
    ]);
    expect(wishes[3]).toEqual({
      ...WISH,
      seed: 6,
      parameters: { rate: 0.1, batchSize: 16, loss: 'hinge' },
      name: 'night, batchSize 16, loss hinge, seed 6',
    });
  });

  it('keep in a long name what differs', () => {
    const [wish] = combine(WISH, 'x'.repeat(200), [1, 2], []);
    expect(wish!.name).toBe(`${'x'.repeat(192)}, seed 1`);
  });

  it('have a tag that says what differs, and when', () => {
    const at = new Date(2026, 10, 3, 9, 5).getTime();
    expect(automaticTag([], at)).toBe('seeds 11-03 09:05');
    expect(automaticTag([{ name: 'batchSize' }, { name: 'rate' }], at)).toBe('batchSize × rate 11-03 09:05');
    const long = automaticTag([{ name: 'discriminatorLearningRate' }, { name: 'generatorLearningRate' }], at);
    expect(long).toBe('discriminatorLearningRate × generatorL 11-03 09:05');
    expect(long).toHaveLength(50);
  });
});

describe('the form', () => {
  const draft = {
    recipe: { parameters: [BATCH, RATE, LOSS] },
    wish: WISH,
    seed: 5,
    baseName: 'night',
    typedValue: (one: Parameter) => String(one.default),
  } as unknown as Draft;

  it('asks for one run until there are more seeds or a setting, and then says how many', () => {
    const sweep = new Sweep(draft);
    expect([sweep.isSeveral, sweep.count, sweep.wishes]).toEqual([false, 1, [WISH]]);
    sweep.setSeeds('3');
    expect([sweep.isSeveral, sweep.count, sweep.wishes!.map(({ seed }) => seed)]).toEqual([true, 3, [5, 6, 7]]);
    sweep.choose(0, 'batchSize');
    expect(sweep.axes[0]).toEqual({ name: 'batchSize', typed: '16' });
    sweep.setValues(0, '16, 32');
    sweep.choose(1, 'loss');
    sweep.tick(1, 'hinge', true);
    sweep.tick(1, 'bce', false);
    sweep.tick(1, 'wgan-gp', true);
    expect([sweep.axes[1]!.typed, sweep.count, sweep.wishes!.length]).toEqual(['hinge,wgan-gp', 12, 12]);
  });

  it('asks for nothing while a value is wrong, a seed is none, or there are more runs than the queue holds', () => {
    const sweep = new Sweep(draft);
    sweep.choose(0, 'batchSize');
    sweep.setValues(0, '16, 1');
    expect(sweep.problemOf(sweep.axes[0]!)).toBe('expected a whole number from 2 to 64, found 1');
    expect([sweep.count, sweep.wishes]).toEqual([null, null]);
    sweep.setValues(0, '16 32 48 64 8 2');
    sweep.setSeeds('100');
    expect([sweep.count, sweep.isTooMany, sweep.wishes]).toEqual([600, true, null]);
    for (const typed of ['0', '101', 'x', '']) {
      sweep.setSeeds(typed);
      expect([sweep.seeds, sweep.wishes]).toEqual([null, null]);
    }
  });

  it('forgets a setting that the chosen recipe does not have', () => {
    const sweep = new Sweep({ ...draft, recipe: { parameters: [RATE] } } as unknown as Draft);
    sweep.choose(0, 'batchSize');
    expect([sweep.isSeveral, sweep.wishes]).toEqual([false, [WISH]]);
  });
});
