// The adversarial losses, on logits (or raw critic outputs) and never on probabilities, so that none of them can
// become infinite (H6). Every loss is minimised. Formulas and values at 0: section 1 of the recipe book.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './recipes/recipe.ts';
import type { ReferenceLine } from '../../shared/run.ts';

export interface AdversarialLoss {
  readonly id: string;
  readonly label: string;
  /** Mean over the batch of the discriminator's loss on real images; target is 1, or less with one-sided smoothing. */
  real(tf: TensorFlow, logits: TF.Tensor, target: number): TF.Scalar;
  fake(tf: TensorFlow, logits: TF.Tensor): TF.Scalar;
  generator(tf: TensorFlow, logits: TF.Tensor): TF.Scalar;
  /** What the discriminator believes, 0 to 1, for `prob/*` and `acc/*`. */
  probability(tf: TensorFlow, logits: TF.Tensor): TF.Tensor;
  /** Where fakes and reals are the same distribution and the discriminator is the best one. */
  equilibrium(target: number): { readonly d: number; readonly g: number; readonly probability: number };
}

/** log(1 + e^x) without overflow: max(x, 0) + log(1 + e^-|x|). */
const softplus = (tf: TensorFlow, x: TF.Tensor): TF.Tensor => tf.softplus(x);
const meanOf = (tf: TensorFlow, x: TF.Tensor): TF.Scalar => tf.mean(x) as TF.Scalar;

/** -target log D(real) - (1 - target) log(1 - D(real)), as target sp(-l) + (1 - target) sp(l). */
function crossEntropyReal(tf: TensorFlow, logits: TF.Tensor, target: number): TF.Scalar {
  const right = meanOf(tf, softplus(tf, tf.neg(logits)));
  if (target === 1) return right;
  return tf.add(tf.mul(right, target), tf.mul(meanOf(tf, softplus(tf, logits)), 1 - target));
}
const crossEntropyFake = (tf: TensorFlow, logits: TF.Tensor): TF.Scalar => meanOf(tf, softplus(tf, logits));

/** `weight` of the real term, `scale` of the whole; with p = q the best D is weight target / (weight + 1) everywhere. */
function crossEntropyEquilibrium(target: number, weight: number, scale: number, generator: (best: number) => number) {
  const best = (weight * target) / (weight + 1);
  const d = -scale * (weight * target * Math.log(best) + (weight * (1 - target) + 1) * Math.log(1 - best));
  return { d, g: generator(best), probability: best };
}

interface CrossEntropy {
  readonly id: string;
  readonly label: string;
  readonly generator: AdversarialLoss['generator'];
  readonly generatorAt: (probability: number) => number;
  readonly weight?: number;
  readonly scale?: number;
}

function crossEntropyLoss({ id, label, generator, generatorAt, weight = 1, scale = 1 }: CrossEntropy): AdversarialLoss {
  const times = (tf: TensorFlow, loss: TF.Scalar, factor: number): TF.Scalar =>
    factor === 1 ? loss : tf.mul(loss, factor);
  return {
    id,
    label,
    real: (tf, logits, target) => times(tf, crossEntropyReal(tf, logits, target), weight * scale),
    fake: (tf, logits) => times(tf, crossEntropyFake(tf, logits), scale),
    generator,
    probability: (tf, logits) => tf.sigmoid(logits),
    equilibrium: (target) => crossEntropyEquilibrium(target, weight, scale, generatorAt),
  };
}

/** -mean log D: never flat while the fakes are caught. Gradient at logit l: -(1 - D). */
const nonSaturating: Pick<CrossEntropy, 'generator' | 'generatorAt'> = {
  generator: (tf, logits) => meanOf(tf, softplus(tf, tf.neg(logits))),
  generatorAt: (probability) => -Math.log(probability),
};

/** In menu order; the first is the default. */
export const adversarialLosses: readonly AdversarialLoss[] = [
  crossEntropyLoss({ id: 'non-saturating', label: 'Non-saturating', ...nonSaturating }),
  crossEntropyLoss({
    id: 'minimax',
    label: 'Minimax',
    // mean log(1 - D), gradient -D: vanishes while the fakes are caught.
    generator: (tf, logits) => tf.neg(meanOf(tf, softplus(tf, logits))),
    generatorAt: (probability) => Math.log(1 - probability),
  }),
  crossEntropyLoss({
    id: 'kl',
    label: 'KL variant, log D/(1-D)',
    // The log-odds are the logit itself; gradient -1 everywhere.
    generator: (tf, logits) => tf.neg(meanOf(tf, logits)),
    generatorAt: (probability) => -Math.log(probability / (1 - probability)),
  }),
  {
    id: 'least-squares',
    label: 'Least squares',
    real: (tf, logits, target) => tf.mul(meanOf(tf, tf.square(tf.sub(logits, target))), 0.5),
    fake: (tf, logits) => tf.mul(meanOf(tf, tf.square(logits)), 0.5),
    generator: (tf, logits) => meanOf(tf, tf.square(tf.sub(logits, 1))),
    // The output itself aims at 0 and 1.
    probability: (tf, logits) => tf.clipByValue(logits, 0, 1),
    equilibrium: (target) => ({ d: target ** 2 / 4, g: (target / 2 - 1) ** 2, probability: target / 2 }),
  },
  crossEntropyLoss({ id: 'halved', label: 'Original GAN code (D halved)', scale: 0.5, ...nonSaturating }),
  crossEntropyLoss({ id: 'gan-lab', label: 'GAN Lab (real term x 0.95)', weight: 0.95, ...nonSaturating }),
];

/** The id comes from a checked parameter: an unknown one is a bug. */
export function findLoss(id: unknown): AdversarialLoss {
  const found = adversarialLosses.find((loss) => loss.id === id);
  if (!found) throw new TypeError(`unknown adversarial loss ${JSON.stringify(id)}`);
  return found;
}

/** Lines for the charts: where losses and beliefs lie when the discriminator can no longer tell. */
export function lossReferenceLines(loss: AdversarialLoss, target: number): ReferenceLine[] {
  const { d, g, probability } = loss.equilibrium(target);
  const isLog4 = Math.abs(d - Math.log(4)) < 1e-9;
  const isLog2 = (value: number) => Math.abs(value - Math.log(2)) < 1e-9;
  return [
    {
      tag: 'loss/d',
      value: d,
      label: isLog4 ? 'log 4: cannot tell' : isLog2(d) ? 'log 2: cannot tell' : 'cannot tell',
    },
    { tag: 'loss/g', value: g, label: isLog2(g) ? 'log 2: cannot tell' : 'cannot tell' },
    { tag: 'prob/d_real', value: probability, label: 'cannot tell' },
    { tag: 'prob/d_fake', value: probability, label: 'cannot tell' },
  ];
}
