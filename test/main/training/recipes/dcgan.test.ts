// The three DCGAN recipes against the recipe book: exact parameter counts of every published column, map sizes, losses at
// the first weights, who learns from what.

import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { createRandom } from '../../../../src/main/training/random.ts';
import { joinReports } from '../../../../src/main/training/networks/two-players.ts';
import { findRecipe } from '../../../../src/main/training/recipes/list.ts';
import type { Model, TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import type { NetworkSummary } from '../../../../src/shared/run.ts';
import { BATCH, bitsOf, buildTiny, countsOf, disposeReport, readReport, tinyParameters } from './tiny.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const totals = (networks: readonly NetworkSummary[]) => networks.map(({ trainable }) => trainable);
const sidesOf = ({ layers }: NetworkSummary) => [
  ...new Set(layers.filter(({ output }) => output.length === 3).map(({ output }) => output[0])),
];
const find = (model: Model, name: string) => model.variables.find((named) => named.name === name)!.variable;

describe('the exact parameter counts of the recipe book', () => {
  it.each([
    ['dcgan28', 'app', 1, 6_753_409, 1_812_737],
    ['dcgan28', 'post', 1, 6_738_689, 1_812_737],
    ['dcgan28', 'small', 1, 445_729, 113_729],
    ['dcgan28', 'paper', 1, 6_820_538, 6_688_202],
    ['dcgan28', 'reference', 1, 7_065_211, 3_769_479],
    ['dcgan64', 'paper', 3, 18_885_760, 17_232_768],
    ['dcgan64', 'paper', 1, 18_879_360, 17_226_368],
    ['dcgan64', 'post', 3, 18_868_480, 4_314_689],
    ['dcgan64', 'post', 1, 18_862_080, 4_311_489],
    ['dcgan64', 'reference', 3, 5_135_363, 4_316_545],
    ['dcgan64', 'reference', 1, 5_132_161, 4_313_345],
    ['dcgan64', 'pytorch', 3, 3_576_704, 2_765_568],
    ['dcgan64', 'app', 3, 3_576_704, 2_765_568],
    ['dcgan64', 'small', 3, 378_080, 175_296],
    ['dcgan64', 'small', 1, 377_568, 174_784],
    ['faces', 'app', 1, 3_442_113, 239_745],
    ['faces', 'post', 1, 3_442_113, 239_745],
  ])('%s %s, %i channels: G %i, D %i', (id, preset, channels, generator, discriminator) => {
    expect(totals(countsOf(findRecipe(id), preset, {}, { channels }))).toEqual([generator, discriminator]);
  });
});

describe('maps and costs', () => {
  it('DCGAN28 passes 14 and 7 pixels and costs 16.9 M and 12.0 M multiply-adds an image', () => {
    const [generator, discriminator] = countsOf(findRecipe('dcgan28'), 'post');
    expect(sidesOf(generator!)).toEqual([7, 14, 28]);
    expect(sidesOf(discriminator!)).toEqual([14, 7]);
    const millions = ({ layers }: NetworkSummary) =>
      Math.round(layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0) / 1e5) / 10;
    expect([millions(generator!), millions(discriminator!)]).toEqual([16.9, 12]);
  });

  it.each(['paper', 'post', 'reference'])('DCGAN64 %s passes 4, 8, 16, 32 and 64 pixels and back', (preset) => {
    const [generator, discriminator] = countsOf(findRecipe('dcgan64'), preset);
    expect(sidesOf(generator!)).toEqual([4, 8, 16, 32, 64]);
    expect(sidesOf(discriminator!)).toEqual([32, 16, 8, 4]);
  });

  it('DCGAN64 of PyTorch starts at one pixel and ends at one', () => {
    const [generator, discriminator] = countsOf(findRecipe('dcgan64'), 'pytorch');
    expect(sidesOf(generator!)).toEqual([1, 4, 8, 16, 32, 64]);
    expect(sidesOf(discriminator!)).toEqual([32, 16, 8, 4, 1]);
  });

  it('the faces pass 16, 32 and 64 pixels, 37.9 M and 54.1 M multiply-adds an image', () => {
    const [generator, discriminator] = countsOf(findRecipe('faces'), 'post');
    expect(sidesOf(generator!)).toEqual([16, 32, 64]);
    expect(sidesOf(discriminator!)).toEqual([32, 16]);
    // The book counts convolutions and dense layers; batch norm is one more for each value.
    const millions = ({ layers }: NetworkSummary) =>
      layers.filter(({ name }) => !name.startsWith('norm')).reduce((sum, layer) => sum + layer.multiplyAdds, 0) / 1e6;
    expect(millions(generator!)).toBeCloseTo(37.9, 1);
    expect(millions(discriminator!)).toBeCloseTo(54.1, 1);
  });
});

describe('views', () => {
  it('any images become 28x28 and 64x64; carpedm20 crops 108 pixels where there are so many', () => {
    const view = (id: string, preset: string, height: number) =>
      findRecipe(id).view!(tinyParameters(findRecipe(id), preset), { height, width: height, channels: 3, classes: 0 });
    expect(view('dcgan28', 'app', 100)).toEqual({ height: 28, width: 28 });
    expect(view('dcgan64', 'reference', 178)).toEqual({ height: 64, width: 64, crop: 'centre-108' });
    expect(view('dcgan64', 'reference', 28)).toEqual({ height: 64, width: 64, crop: 'centre' });
    expect(view('faces', 'app', 100)).toEqual({ height: 64, width: 64, channels: 1, crop: 'centre' });
    expect(view('faces', 'post', 62)).toEqual({
      ...{ height: 64, width: 64, channels: 1 },
      ...{ crop: 'stretch', resize: 'nearest' },
    });
  });
});

describe('the first losses', () => {
  it.each(['app', 'small', 'post'])('DCGAN28 %s starts at log 2 within 0.006: its D cannot tell yet', (preset) => {
    // Of the full width, as that is what the logits' deviation of 0.01 comes from.
    const changes = { generatorUnits: 256, generatorFilters: 16, discriminatorFilters: 64, discriminatorUnits: 256 };
    for (const seed of [1, 2]) {
      const { model, batch, dispose } = buildTiny(tf, 'dcgan28', preset, {
        seed,
        changes: { ...changes, batchSize: 32 },
      });
      // The generator first, so that both losses are of the first weights.
      const start = readReport(tf, joinReports(model.turns.toReversed().map((turn) => turn.take(batch))));
      for (const tag of ['loss/d_real', 'loss/d_fake', 'loss/g']) {
        expect(Math.abs(start[tag]! - Math.LN2), `${tag}, seed ${seed}`).toBeLessThan(0.006);
      }
      dispose();
    }
  });

  it.each([
    ['paper', 'discriminator/logit/kernel'],
    ['pytorch', 'discriminator/logit/kernel'],
  ])('DCGAN64 %s starts at log 4 only with its last layer zeroed', (preset, last) => {
    const { model, batch, dispose } = buildTiny(tf, 'dcgan64', preset, { changes: { discriminatorFilters: 16 } });
    const [lesson] = model.turns.filter(({ network }) => network === 'discriminator');
    const before = readReport(tf, lesson!.take(batch))['loss/d']!;
    expect(Math.abs(before - Math.log(4))).toBeGreaterThan(1e-3);
    const kernel = find(model, last);
    tf.tidy(() => void kernel.assign(tf.zeros(kernel.shape)));
    expect(readReport(tf, lesson!.take(batch))['loss/d']).toBeCloseTo(1.386294, 5);
    dispose();
  });
});

describe('layouts of DCGAN64', () => {
  it("paper and PyTorch draw each batch norm's scale from N(1, 0.02), the others start it at 1", () => {
    for (const preset of ['paper', 'pytorch', 'reference']) {
      const { model, dispose } = buildTiny(tf, 'dcgan64', preset, { changes: { generatorFilters: 16 } });
      const scales = [...find(model, 'generator/norm0/gamma').dataSync()];
      const deviation = Math.sqrt(scales.reduce((sum, scale) => sum + (scale - 1) ** 2, 0) / scales.length);
      if (preset === 'reference') expect(deviation).toBe(0);
      else expect(Math.abs(deviation / 0.02 - 1), preset).toBeLessThan(0.2);
      dispose();
    }
  });

  it('the paper normalises each unit of the projection, carpedm20 each channel, the article none', () => {
    const scales = (preset: string) => {
      const { model, dispose } = buildTiny(tf, 'dcgan64', preset);
      const found = model.variables.find(({ name }) => name === 'generator/norm0/gamma')?.variable.shape[0];
      dispose();
      return found;
    };
    expect(['paper', 'reference', 'post'].map(scales)).toEqual([16 * 8 * 4, 8 * 4, undefined]);
  });

  it('the article: convolutions from the normal cut at two deviations, whose true one is 0.0176 (H13); dense from N(0, 0.01)', () => {
    const { model, dispose } = buildTiny(tf, 'dcgan64', 'post', { changes: { generatorFilters: 16 } });
    const deviationOf = (name: string) => {
      const values = [...find(model, name).dataSync()];
      return { rms: Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length), values };
    };
    const { rms, values } = deviationOf('generator/up1/kernel');
    expect(rms).toBeCloseTo(0.0176, 4);
    expect(values.every((value) => Math.abs(value) <= 0.04)).toBe(true);
    expect(deviationOf('generator/project/kernel').rms).toBeCloseTo(0.01, 4);
    dispose();
  });

  it('the sample grid of running averages does not depend on its company, that of the very batch does', () => {
    const differs = (preset: string) => {
      const { model, batch, dispose } = buildTiny(tf, 'dcgan64', preset);
      disposeReport(tf, model.step(batch));
      const z = tf.tensor2d(createRandom(9).uniform(400, -1, 1), [4, 100]);
      const distance = tf.tidy(() => {
        const together = tf.slice(model.sample(z), [0, 0, 0, 0], [2, 64, 64, 1]);
        return tf.max(tf.abs(tf.sub(together, model.sample(tf.slice(z, [0, 0], [2, 100]))))).dataSync()[0]!;
      });
      z.dispose();
      dispose();
      return distance;
    };
    expect(differs('app')).toBeLessThan(1e-5);
    expect(differs('pytorch')).toBeGreaterThan(1e-3);
  });
});

describe('batch norm of every DCGAN', () => {
  it.each(['dcgan28', 'dcgan64', 'faces'])(
    '%s keeps averages with momentum 0.9, not the 0.99 of the library (H3)',
    (id) => {
      const { model, batch, dispose } = buildTiny(tf, id, 'app');
      disposeReport(tf, model.turns.find(({ network }) => network === 'generator')!.take(batch));
      const variances = model.variables.filter(({ name }) => /^generator.*variance$/.test(name));
      expect(variances.length).toBeGreaterThan(1);
      // 0.9 x 1 + 0.1 x the batch's variance, which first weights this small keep far below 1.
      const [first] = variances.map(({ variable }) => Math.min(...variable.dataSync()));
      expect(first).toBeGreaterThanOrEqual(0.9 - 1e-6);
      expect(first).toBeLessThan(0.98);
      dispose();
    },
  );
});

describe('order of updates', () => {
  it('Newmu: the generator first; carpedm20: the discriminator, then the generator twice from the same z', () => {
    const networks = (preset: string) => {
      const { model, dispose } = buildTiny(tf, 'dcgan64', preset);
      const order = model.turns.map(({ network }) => network);
      dispose();
      return order;
    };
    expect(networks('paper')).toEqual(['generator', 'discriminator']);
    expect(networks('reference')).toEqual(['discriminator', 'generator', 'generator']);
    const { model, batch, dispose } = buildTiny(tf, 'dcgan64', 'reference');
    const [lesson, ...improvements] = model.turns;
    disposeReport(tf, lesson!.take(batch));
    const latents = improvements.map((turn) => {
      const report = turn.take(batch);
      const z = [...report.histograms!['hist/z']!.dataSync()];
      disposeReport(tf, report);
      return z;
    });
    expect(latents[1]).toEqual(latents[0]);
    dispose();
  });

  it('faces: the discriminator learns from the images that the generator made before its own update', () => {
    // A step of one pass, and the same discriminator's turn on old and on new images of the same z.
    const learned = (order: string, generatorLearningRate: number) => {
      const changes = { order, generatorLearningRate, sameLatents: true };
      const { model, batch, dispose } = buildTiny(tf, 'faces', 'app', { changes });
      disposeReport(tf, model.step(batch));
      const bits = bitsOf(model).filter(({ name }) => /^discriminator.*(kernel|bias|gamma|beta)$/.test(name));
      dispose();
      return bits;
    };
    const onePass = learned('one-pass', 0.01);
    // With hardly any change to the generator its old and new images are alike to the last bit that matters.
    expect(onePass).toEqual(learned('one-pass', 1e-7));
    expect(onePass).not.toEqual(learned('generator-first', 0.01));
  });

  it('faces: of two generator updates in one pass the fakes of the last are kept, and none is left behind', () => {
    const { model, batch, dispose } = buildTiny(tf, 'faces', 'app', { changes: { generatorUpdates: 2 } });
    disposeReport(tf, model.step(batch));
    const tensors = tf.memory().numTensors;
    disposeReport(tf, model.step(batch));
    expect(tf.memory().numTensors).toBe(tensors);
    dispose();
  });
});

describe('DCGAN28', () => {
  it('the conditional pairs make the class they are told: latents end with it, and the classes take turns', () => {
    for (const preset of ['paper', 'reference']) {
      const { model, batch, recipe, parameters, shape, dispose } = buildTiny(tf, 'dcgan28', preset);
      const latents = model.latents(12);
      expect(latents.length).toBe(12 * 110);
      for (let at = 0; at < 12; at++) {
        expect(latents.subarray(at * 110 + 100, (at + 1) * 110).indexOf(1)).toBe(at % 10);
      }
      expect(() => model.step({ images: batch.images })).toThrow(`needs ${BATCH} labels`);
      dispose();
      expect(() => recipe.describe(parameters, { ...shape, classes: 0 })).toThrow('needs data with classes');
    }
  });

  it('post: batch norm without parameters gives mean 0 and variance 1 of each unit, in sample grids too', () => {
    const { model, recipe, parameters, shape, dispose } = buildTiny(tf, 'dcgan28', 'post');
    expect(model.variables.filter(({ name }) => /norm/.test(name))).toEqual([]);
    expect(recipe.describe(parameters, shape)[0]!.layers.find(({ name }) => name === 'norm1')!.parameters).toBe(0);
    dispose();
  });
});
