// Values and gradients: section 1 of the recipe book; stability: H6.

import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../../src/main/training/backends/list.ts';
import { adversarialLosses, findLoss, lossReferenceLines } from '../../../src/main/training/losses.ts';
import type { TensorFlow } from '../../../src/main/training/recipes/recipe.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const number = (tensor: { dataSync(): ArrayLike<number> }) => tensor.dataSync()[0]!;
const lossesAt = (id: string, logit: number) => {
  const loss = findLoss(id);
  const logits = tf.fill([4, 1], logit);
  return {
    d: number(loss.real(tf, logits, 1)) + number(loss.fake(tf, logits)),
    g: number(loss.generator(tf, logits)),
  };
};
const generatorGradient = (id: string, logit: number) =>
  number(tf.grad((logits) => findLoss(id).generator(tf, logits))(tf.tensor2d([[logit]])));

describe('the adversarial losses', () => {
  it.each([
    ['minimax', 1.386294, -0.693147],
    ['non-saturating', 1.386294, 0.693147],
    ['kl', 1.386294, 0],
    ['least-squares', 0.5, 1],
    ['halved', 0.693147, 0.693147],
    ['gan-lab', 1.351637, 0.693147],
    ['hinge', 2, 0],
    ['wasserstein', 0, 0],
  ])('%s starts at D %f and G %f where all logits are 0', (id, d, g) => {
    expect(lossesAt(id, 0).d).toBeCloseTo(d, 5);
    expect(lossesAt(id, 0).g).toBeCloseTo(g, 5);
  });

  it('least squares is a quarter for both at one half', () => {
    expect(lossesAt('least-squares', 0.5).d).toBeCloseTo(0.25, 6);
    expect(lossesAt('least-squares', 0.5).g).toBeCloseTo(0.25, 6);
  });

  it('the KL variant is the sum of minimax and non-saturating, in value and in gradient', () => {
    for (const logit of [-2, -0.3, 0, 1.7, 9]) {
      expect(lossesAt('kl', logit).g).toBeCloseTo(
        lossesAt('minimax', logit).g + lossesAt('non-saturating', logit).g,
        5,
      );
    }
    expect(generatorGradient('minimax', -2)).toBeCloseTo(-0.119203, 6);
    expect(generatorGradient('non-saturating', -2)).toBeCloseTo(-0.880797, 6);
    expect(generatorGradient('kl', -2)).toBeCloseTo(-1, 6);
  });

  it.each(adversarialLosses.map(({ id }) => id))('%s and its gradient stay finite at logits of 200', (id) => {
    for (const logit of [-200, 200]) {
      expect(Object.values(lossesAt(id, logit)).every(Number.isFinite)).toBe(true);
      expect(Number.isFinite(generatorGradient(id, logit))).toBe(true);
    }
  });

  it('one-sided smoothing moves the real term only', () => {
    const loss = findLoss('non-saturating');
    const logits = tf.tensor2d([[1.5]]);
    const expected = 0.95 * Math.log1p(Math.exp(-1.5)) + 0.05 * Math.log1p(Math.exp(1.5));
    expect(number(loss.real(tf, logits, 0.95))).toBeCloseTo(expected, 6);
  });

  it('hinge stops at 1 and -1 and Wasserstein nowhere; both generators follow the score', () => {
    const [hinge, wasserstein] = [findLoss('hinge'), findLoss('wasserstein')];
    const scores = tf.tensor2d([[-3], [0.25], [1.5]]);
    expect(number(hinge.real(tf, scores, 1))).toBeCloseTo((4 + 0.75 + 0) / 3, 6);
    expect(number(hinge.fake(tf, scores))).toBeCloseTo((0 + 1.25 + 2.5) / 3, 6);
    expect(number(wasserstein.real(tf, scores, 1))).toBeCloseTo(1.25 / 3, 6);
    expect(number(wasserstein.fake(tf, scores))).toBeCloseTo(-1.25 / 3, 6);
    for (const id of ['hinge', 'wasserstein']) expect(generatorGradient(id, 7)).toBe(-1);
  });

  it.each(adversarialLosses.filter(({ hasTarget }) => hasTarget).map(({ id }) => id))(
    '%s: the reference line is the least D loss where reals and fakes are alike, at its probability',
    (id) => {
      for (const target of [1, 0.9]) {
        const loss = findLoss(id);
        // The best of 40,001 logits, each with a loss of its own.
        const logits = Float32Array.from({ length: 40_001 }, (_, at) => (at - 20_000) / 4000);
        const values = [...logits].map((logit) => lossInNumbers(id, logit, target));
        const least = Math.min(...values);
        const best = logits[values.indexOf(least)]!;
        const lines = lossReferenceLines(loss, target);
        expect(lines.find(({ tag }) => tag === 'loss/d')!.value).toBeCloseTo(least, 5);
        expect(lines.find(({ tag }) => tag === 'prob/d_real')!.value).toBeCloseTo(
          number(loss.probability!(tf, tf.tensor2d([[best]]))),
          3,
        );
        expect(lines.find(({ tag }) => tag === 'loss/g')!.value).toBeCloseTo(lossesAt(id, best).g, 2);
      }
    },
  );

  it('the names of the lines are log 4 and log 2 only where that is their value', () => {
    const named = (id: string, target: number) =>
      lossReferenceLines(findLoss(id), target).map(({ tag, label }) => `${tag} ${label}`);
    expect(named('non-saturating', 1).slice(0, 2)).toEqual(['loss/d log 4: cannot tell', 'loss/g log 2: cannot tell']);
    expect(named('non-saturating', 0.9).slice(0, 2)).toEqual(['loss/d cannot tell', 'loss/g cannot tell']);
    expect(named('halved', 1)[0]).toBe('loss/d log 2: cannot tell');
  });

  it('critics have lines for what they report, and nothing to smooth', () => {
    expect(lossReferenceLines(findLoss('wasserstein'), 1).map(({ tag, value }) => [tag, value])).toEqual([
      ['loss/d', 0],
      ['critic/distance', 0],
      ['critic/slope', 1],
    ]);
    expect(lossReferenceLines(findLoss('hinge'), 1).map(({ tag, value }) => [tag, value])).toEqual([
      ['loss/d', 2],
      ['critic/distance', 0],
    ]);
    expect(() => lossReferenceLines(findLoss('hinge'), 0.9)).toThrow(
      'labelSmoothing: expected 0 with the loss "Hinge", which has no target to smooth, found 0.1',
    );
  });
});

/** The discriminator's loss in double precision where a real and a fake image get the same output. */
function lossInNumbers(id: string, logit: number, target: number): number {
  const softplus = (x: number) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
  if (id === 'least-squares') return 0.5 * (logit - target) ** 2 + 0.5 * logit ** 2;
  const real = target * softplus(-logit) + (1 - target) * softplus(logit);
  return (id === 'halved' ? 0.5 : 1) * ((id === 'gan-lab' ? 0.95 : 1) * real + softplus(logit));
}
