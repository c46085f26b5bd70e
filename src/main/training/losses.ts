// The adversarial losses, on logits (or raw critic outputs) and never on probabilities, so that none of them can
// become infinite (H6). Every loss is minimised. Formulas and values at 0: section 1 of the recipe book.

import type * as TF from '@tensorflow/tfjs-core';
import { UserError } from '../../shared/contract.ts';
import type { ReferenceLine } from '../../shared/run.ts';
import type { TensorFlow } from './recipes/recipe.ts';

export interface AdversarialLoss {
  readonly id: string;
  readonly label: string;
  /** Mean over the batch of the discriminator's loss on real images; target is 1, or less with one-sided smoothing. */
  real(tf: TensorFlow, logits: TF.Tensor, target: number): TF.Scalar;
  fake(tf: TensorFlow, logits: TF.Tensor): TF.Scalar;
  generator(tf: TensorFlow, logits: TF.Tensor): TF.Scalar;
  /** What the discriminator believes, 0 to 1, for `prob/*`. Absent where outputs are scores without a scale, as a critic's are. */
  probability?(tf: TensorFlow, logits: TF.Tensor): TF.Tensor;
  /** Outputs above it say real, for `acc/*`. Absent where no output says so: a Wasserstein critic may add any constant. */
  readonly threshold?: number;
  /** True when the discriminator's loss is not complete without the gradient penalty. */
  readonly wantsPenalty?: boolean;
  /** False when there is no target that label smoothing could move. */
  readonly hasTarget: boolean;
  /** Where fakes and reals are the same distribution and the discriminator is the best one. */
  equilibrium(target: number): Equilibrium;
}

interface Equilibrium {
  readonly d: number;
  /** Absent where it depends on more than that. */
  readonly g?: number;
  readonly probability?: number;
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
    threshold: 0,
    hasTarget: true,
    equilibrium: (target) => crossEntropyEquilibrium(target, weight, scale, generatorAt),
  };
}

/** -mean log D: never flat while the fakes are caught. Gradient at logit l: -(1 - D). */
const nonSaturating: Pick<CrossEntropy, 'generator' | 'generatorAt'> = {
  generator: (tf, logits) => meanOf(tf, softplus(tf, tf.neg(logits))),
  generatorAt: (probability) => -Math.log(probability),
};

/** Both raise D on reals and lower it on fakes, hinge only as far as 1 and -1; the generator raises D on its fakes. */
const critics: readonly AdversarialLoss[] = [
  {
    // Lim and Ye 2017, arXiv 1705.02894; Miyato et al. 2018, arXiv 1802.05957, equations 16 and 17.
    id: 'hinge',
    label: 'Hinge',
    real: (tf, scores) => meanOf(tf, tf.relu(tf.sub(1, scores))),
    fake: (tf, scores) => meanOf(tf, tf.relu(tf.add(1, scores))),
    generator: (tf, scores) => tf.neg(meanOf(tf, scores)),
    threshold: 0,
    hasTarget: false,
    // relu(1 - s) + relu(1 + s) is 2 for every s from -1 to 1.
    equilibrium: () => ({ d: 2 }),
  },
  {
    // Gulrajani et al. 2017, arXiv 1704.00028.
    id: 'wasserstein',
    label: 'Wasserstein with gradient penalty',
    real: (tf, scores) => tf.neg(meanOf(tf, scores)),
    fake: (tf, scores) => meanOf(tf, scores),
    generator: (tf, scores) => tf.neg(meanOf(tf, scores)),
    wantsPenalty: true,
    hasTarget: false,
    // A critic of slope 1 everywhere pays no penalty.
    equilibrium: () => ({ d: 0 }),
  },
];

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
    threshold: 0.5,
    hasTarget: true,
    equilibrium: (target) => ({ d: target ** 2 / 4, g: (target / 2 - 1) ** 2, probability: target / 2 }),
  },
  crossEntropyLoss({ id: 'halved', label: 'Original GAN code (D halved)', scale: 0.5, ...nonSaturating }),
  crossEntropyLoss({ id: 'gan-lab', label: 'GAN Lab (real term x 0.95)', weight: 0.95, ...nonSaturating }),
  ...critics,
];

/** The id comes from a checked parameter: an unknown one is a bug. */
export function findLoss(id: unknown): AdversarialLoss {
  const found = adversarialLosses.find((loss) => loss.id === id);
  if (!found) throw new TypeError(`unknown adversarial loss ${JSON.stringify(id)}`);
  return found;
}

/** Lines for the charts: where losses and beliefs lie when the discriminator can no longer tell. Throws UserError when smoothing has nothing to move. */
export function lossReferenceLines(loss: AdversarialLoss, target: number): ReferenceLine[] {
  if (!loss.hasTarget && target !== 1) {
    throw new UserError(
      `labelSmoothing: expected 0 with the loss "${loss.label}", which has no target to smooth, found ${Number((1 - target).toFixed(6))}`,
    );
  }
  const { d, g, probability } = loss.equilibrium(target);
  const lines: [tag: string, value: number | undefined][] = [
    ['loss/d', d],
    ['loss/g', g],
    ['prob/d_real', probability],
    ['prob/d_fake', probability],
    ['critic/distance', loss.probability ? undefined : 0],
  ];
  const slope: ReferenceLine = { tag: 'critic/slope', value: 1, label: 'wanted by the penalty' };
  return [
    ...lines.flatMap(([tag, value]) => (value === undefined ? [] : [{ tag, value, label: nameOf(value) }])),
    ...(loss.wantsPenalty ? [slope] : []),
  ];
}

function nameOf(value: number): string {
  const known = [2, 4].find((number) => Math.abs(value - Math.log(number)) < 1e-9);
  return known ? `log ${known}: cannot tell` : 'cannot tell';
}
