// The rules of health, one row each: section 8 of the recipe book, with its thresholds. Where the book names a measure
// that needs a network of its own (recall*, precision*, the accuracy of captions), the row looks at its scalar and sleeps
// until something records it. The classes of samples come from the nearest mean image instead of a classifier.

import type { ParameterValues } from '../../../shared/parameters.ts';
import type { Look, Rule, Start, StartRule } from './rule.ts';

const STEPS = 200;
const GRIDS = 3;
/** Untrained networks make nearly equal images, and transposed convolutions make boards of them. */
const GRIDS_FROM = 500;

const NON_SATURATING = ['non-saturating', 'halved', 'gan-lab'];
const WITHOUT_PROBABILITY = ['wasserstein', 'hinge'];

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const short = (value: number): string => String(Number(value.toPrecision(3)));

/** Of these settings, those that the run has, each made from its value. */
function change(names: readonly string[], make: (value: number) => number) {
  return (parameters: ParameterValues): ParameterValues => {
    const known = names.filter((name) => typeof parameters[name] === 'number');
    return Object.fromEntries(known.map((name) => [name, make(Number(parameters[name]))]));
  };
}
const RATES = ['generatorLearningRate', 'discriminatorLearningRate'];
const half = (value: number): number => value / 2;

export const rules: readonly Rule[] = [
  {
    id: 'd-too-strong',
    needs: ['loss/d', 'prob/d_fake', 'loss/g'],
    window: STEPS,
    applies: ({ loss }) => !WITHOUT_PROBABILITY.includes(String(loss)),
    judge({ mean, parameters }) {
      const isNonSaturating = NON_SATURATING.includes(String(parameters['loss'] ?? 'non-saturating'));
      if (!(mean('loss/d') < 0.1 && mean('prob/d_fake') < 0.02)) return null;
      if (isNonSaturating && !(mean('loss/g') > 4)) return null;
      return `D is too strong: it takes ${short(100 * mean('prob/d_fake'))} % of the fakes for real and its loss is ${short(mean('loss/d'))}, so G learns little.`;
    },
    remedy:
      "Halve D's learning rate, or give D dropout, or G two updates a step; with minimax take the non-saturating loss.",
    settings: change(['discriminatorLearningRate'], half),
  },
  {
    id: 'g-gradient-vanished',
    needs: ['grad/g_norm', 'prob/d_fake'],
    window: STEPS,
    applies: ({ loss }) => loss === 'minimax',
    judge: ({ mean }) =>
      mean('grad/g_norm') < 1e-5 && mean('prob/d_fake') < 0.01
        ? `G's gradient has vanished (norm ${short(mean('grad/g_norm'))}): with the minimax loss it is as small as D's belief in the fakes, ${short(mean('prob/d_fake'))}.`
        : null,
    remedy: 'Take the non-saturating loss: its gradient is largest where the fakes are caught.',
    settings: () => ({ loss: 'non-saturating' }),
  },
  {
    id: 'd-blind',
    needs: ['acc/d_real', 'acc/d_fake'],
    mayUse: ['grid/change'],
    window: 500,
    // Later, not being able to tell is what training is for.
    to: 1000,
    judge: (look) =>
      isChance(look, 'acc/d_real') && isChance(look, 'acc/d_fake') && isStatic(look)
        ? 'D has not learned to tell real from fake since the start, and the samples stand still.'
        : null,
    remedy: "Raise D's learning rate, and check that the images' range is that of G's output.",
    settings: change(['discriminatorLearningRate'], (value) => 5 * value),
  },
  {
    id: 'mode-collapse',
    needs: [],
    mayUse: ['grid/trace_ratio', 'grid/ssim_fake', 'grid/ssim_real', 'grid/class_kl', 'eval/recall', 'eval/precision'],
    window: GRIDS,
    from: GRIDS_FROM,
    judge: findCollapse,
    remedy:
      'Halve the learning rates, enlarge the batch, or with the KL variant take the non-saturating loss; of BEGAN raise gamma.',
    settings: (parameters) => ({
      ...change(RATES, half)(parameters),
      ...(parameters['loss'] === 'kl' && { loss: 'non-saturating' }),
      ...change(['gamma'], (value) => Math.min(1, value + 0.1))(parameters),
    }),
  },
  {
    id: 'oscillation',
    needs: ['grid/class_change'],
    window: GRIDS,
    from: GRIDS_FROM,
    judge: ({ least }) =>
      least('grid/class_change') > 0.5
        ? `G goes round between classes: from each of the last ${GRIDS} grids to the next, more than half of the samples changed theirs.`
        : null,
    remedy: 'Halve the learning rates or lower beta 1; averaging the weights of G helps as well.',
    settings: change(RATES, half),
  },
  {
    id: 'began-k-at-0',
    needs: ['began/k_t'],
    window: 2000,
    from: 1000,
    judge: ({ greatest }) =>
      greatest('began/k_t') < 1e-6
        ? "BEGAN's k has been 0 for 2,000 steps: fakes are rebuilt worse than gamma times the real images, so D does not look at them."
        : null,
    remedy: "Halve the learning rates, and check that the images' range is right.",
    settings: change(RATES, half),
  },
  {
    id: 'began-k-at-1',
    needs: ['began/k_t'],
    window: 2000,
    from: 1000,
    judge: ({ least }) =>
      least('began/k_t') > 0.99
        ? "BEGAN's k has been 1 for 2,000 steps: the fakes are trivial to rebuild, constant or blurred, and D cannot push back."
        : null,
    remedy: 'Lower gamma.',
    settings: change(['gamma'], (value) => Math.max(0.1, value - 0.1)),
  },
  {
    id: 'began-stall',
    needs: ['convergence/m_global', 'lr/g'],
    window: 8000,
    applies: (parameters) => typeof parameters['rateFloor'] === 'number',
    judge({ parts, greatest, parameters }) {
      if (greatest('lr/g') > Number(parameters['rateFloor']) * 1.001) return null;
      const [before, ...later] = parts('convergence/m_global', 4);
      return Math.min(...later) > 0.99 * before!
        ? `M stands still at ${short(Math.min(...later))}: no gain of 1 % in 6,000 steps, at the lowest learning rate.`
        : null;
    },
    remedy: 'Stop here and take the checkpoint with the lowest M.',
  },
  {
    id: 'checkerboard',
    needs: ['grid/board_fake', 'grid/board_real', 'grid/parity'],
    window: GRIDS,
    from: GRIDS_FROM,
    judge: ({ mean, least }) =>
      isBoard(mean) && (least('grid/board_fake') > 2 * mean('grid/board_real') || least('grid/parity') > 0.02)
        ? `A checkerboard lies over the samples: ${short(100 * mean('grid/board_fake'))} % of their energy is at half the sampling rate, of real images ${short(100 * mean('grid/board_real'))} %.`
        : null,
    remedy: 'Take transposed convolutions with a kernel that the stride divides (4 and 2), or resize and convolve.',
  },
  ...['A', 'B'].flatMap(translationRules),
  {
    id: 'text-ignored',
    needs: [],
    mayUse: ['loss/d_wrong', 'loss/d_real', 'eval/caption_accuracy', 'eval/caption_chance'],
    window: STEPS,
    from: 2000,
    judge: findIgnoredText,
    remedy: 'Give wrong captions more weight in the loss of D, and the KL term less.',
  },
  {
    id: 'memory-leak',
    needs: ['mem/tensors'],
    window: 101,
    judge: ({ first, last }) =>
      last('mem/tensors') - first('mem/tensors') >= 100
        ? `Every step leaves tensors behind: ${short(last('mem/tensors') - first('mem/tensors'))} more than 100 steps ago.`
        : null,
    remedy: 'This is a fault of the recipe or of Saddle: report it. Memory will run out; stop before it does.',
  },
  {
    id: 'memorisation',
    // Recorded once there is a data set with a part that training does not see.
    needs: ['grid/nn_train', 'grid/nn_validation'],
    window: GRIDS,
    from: GRIDS_FROM,
    judge: ({ mean }) =>
      mean('grid/nn_train') < 0.5 * mean('grid/nn_validation')
        ? `Samples are copies: their nearest training image is ${percent(mean('grid/nn_train') / mean('grid/nn_validation'))} as far as their nearest image outside the training data.`
        : null,
    remedy: 'Stop early, or train on more data.',
  },
];

/** Two of translation between image domains, for one direction: what G makes of x, beside x. */
function translationRules(direction: string): readonly Rule[] {
  const [change_, correlation, cycle, spread, loss] = [
    `translate/change_${direction}`,
    `translate/correlation_${direction}`,
    `loss/cycle_${direction}`,
    `translate/spread_${direction}`,
    `loss/d_${direction}`,
  ] as const;
  return [
    {
      id: `identity-${direction.toLowerCase()}`,
      needs: [change_, loss],
      window: STEPS,
      judge: ({ mean }) =>
        mean(change_) < 0.05 && mean(loss) < 0.1
          ? `G ${direction} gives back what it gets (mean change ${short(mean(change_))}) while D tells them apart.`
          : null,
      remedy: 'Train longer, or lower the weight of the cycle.',
    },
    {
      id: `inversion-${direction.toLowerCase()}`,
      needs: [correlation],
      window: STEPS,
      judge: ({ mean }) =>
        mean(correlation) < -0.5
          ? `G ${direction} inverts its input: their correlation is ${short(mean(correlation))}.`
          : null,
      remedy: 'Switch the identity loss on.',
      settings: (parameters): ParameterValues => (parameters['identityWeight'] === 0 ? { identityWeight: 0.5 } : {}),
    },
    {
      id: `cycle-leak-${direction.toLowerCase()}`,
      needs: [cycle, spread],
      window: STEPS,
      judge: ({ mean }) =>
        mean(cycle) < 0.02 && mean(spread) < 0.1
          ? `G ${direction} hides its input: outputs hardly differ (${percent(mean(spread))} of the spread of real images), yet the way back is perfect.`
          : null,
      remedy: 'Add noise to the fakes, or make G smaller.',
    },
  ];
}

function isChance({ mean }: Look, tag: string): boolean {
  return mean(tag) >= 0.45 && mean(tag) <= 0.55;
}

function isStatic({ isRecorded, last }: Look): boolean {
  return !isRecorded('grid/change') || last('grid/change') < 0.01;
}

/**
 * White noise, too, has more energy at half the sampling rate than real images, but spread over the whole row and column,
 * not in the three points that make the parities differ: 0.06 against 0.003 for 32 x 32, where a board has the same of both.
 */
function isBoard(mean: Look['mean']): boolean {
  return mean('grid/parity') > 0.25 * mean('grid/board_fake');
}

/** One sign is enough. */
function findCollapse(look: Look): string | null {
  const { has, mean, greatest, least } = look;
  if (has('grid/trace_ratio') && greatest('grid/trace_ratio') < 0.3) {
    return `The samples have collapsed: they vary ${percent(mean('grid/trace_ratio'))} as much as real data.`;
  }
  if (has('grid/ssim_fake') && least('grid/ssim_fake') > mean('grid/ssim_real') + 0.1) {
    return `The samples are too much alike: similarity ${short(mean('grid/ssim_fake'))}, of real images ${short(mean('grid/ssim_real'))}.`;
  }
  if (has('grid/class_kl') && least('grid/class_kl') > 0.5) {
    return `Whole classes are missing from the samples (divergence ${short(mean('grid/class_kl'))} from the data).`;
  }
  if (has('eval/recall') && has('eval/precision') && mean('eval/recall') < 0.1 && mean('eval/precision') > 0.8) {
    return `The samples are good but few: recall ${short(mean('eval/recall'))}, precision ${short(mean('eval/precision'))}.`;
  }
  return null;
}

function findIgnoredText({ has, mean }: Look): string | null {
  const hasWrong = has('loss/d_wrong') && has('loss/d_real');
  if (hasWrong && Math.abs(mean('loss/d_wrong') - mean('loss/d_real')) < 0.02) {
    return 'The text is ignored: D finds wrong captions as good as right ones.';
  }
  if (has('eval/caption_accuracy') && mean('eval/caption_accuracy') <= mean('eval/caption_chance') + 0.05) {
    return `The text is ignored: ${percent(mean('eval/caption_accuracy'))} of the samples fit their caption, by chance it would be ${percent(mean('eval/caption_chance'))}.`;
  }
  return null;
}

/** Judged once, before the first step. */
export const startRules: readonly StartRule[] = [
  {
    id: 'range-mismatch',
    judge({ parameters, min, max }: Start) {
      const output = parameters['output'];
      const range = `The real images lie between ${short(min)} and ${short(max)}`;
      if (output === 'tanh' && min >= 0)
        return `${range}, but G's tanh gives -1 to 1: half of its range is never right.`;
      if (output === 'sigmoid' && min < 0)
        return `${range}, but G's sigmoid gives 0 to 1: it cannot make what is below 0.`;
      return null;
    },
    remedy: 'Scale the images to the range of the output.',
    settings: ({ output, imageRange }): ParameterValues =>
      imageRange === undefined ? {} : { imageRange: output === 'tanh' ? '-1..1' : '0..1' },
  },
];
