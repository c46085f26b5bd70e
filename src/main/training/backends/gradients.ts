// Gradients of tfjs-core that are wrong, missing or slow, registered anew, once for every backend. All are made of
// operations that have gradients themselves, so that a gradient penalty can go through them a second time.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';
import { mirrorPadGradient, type MirrorMode } from './mirror-pad.ts';
import { detach, isRecorded } from './tape.ts';

type Gradient = (dy: TF.Tensor, saved: TF.Tensor[], attributes: TF.NamedAttrMap) => Record<string, () => TF.Tensor>;

/** Once a process, after the package's own. */
export function correctGradients(tf: TensorFlow): void {
  registerActivations(tf);
  registerReductions(tf);
  registerConvolution(tf);
  registerResizing(tf);
  registerMirrorPad(tf);
  registerBatchNorm(tf);
  registerAddBias(tf);
  registerInstanceNorm(tf);
}

function replace(tf: TensorFlow, kernelName: string, inputsToSave: string[], gradient: Gradient): void {
  if (tf.getGradient(kernelName)) tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    inputsToSave,
    // Operations with one output get one gradient.
    gradFunc: (dy, saved, attributes) => gradient(dy as TF.Tensor, saved, attributes),
  });
}

/** Of the backend in use. */
function hasKernel(tf: TensorFlow, kernelName: string): boolean {
  return Boolean(tf.getKernel(kernelName, tf.getBackend()));
}

/** A kernel without an operation of its own in tfjs-core. */
function run(tf: TensorFlow, kernelName: string, inputs: TF.NamedTensorMap, attributes?: TF.NamedAttrMap): TF.Tensor {
  return tf.engine().runKernel(kernelName, inputs, attributes);
}

/** dy where x > 0, slope x dy elsewhere; the second derivative is zero wherever there is one. */
function gradientOfPieces(tf: TensorFlow, dy: TF.Tensor, x: TF.Tensor, slope: number): TF.Tensor {
  const side = detach(tf, x);
  if (hasKernel(tf, 'LeakyReluGrad')) return run(tf, 'LeakyReluGrad', { dy, x: side }, { slope });
  return tf.mul(dy, tf.step(side, slope));
}

function registerActivations(tf: TensorFlow): void {
  replace(tf, 'Relu', ['x'], (dy, [x]) => ({ x: () => gradientOfPieces(tf, dy, x!, 0) }));
  replace(tf, 'LeakyRelu', ['x'], (dy, [x], { alpha }) => ({
    x: () => gradientOfPieces(tf, dy, x!, alpha as number),
  }));
  // Only where a backend has it as a kernel; x comes detached.
  replace(tf, 'LeakyReluGrad', ['x'], (ddx, [x], { slope }) => ({
    dy: () => gradientOfPieces(tf, ddx, x!, slope as number),
  }));
  // With y = e^x - 1 below zero, the gradient is dy (y + 1) there and its derivative with respect to y is dy.
  replace(tf, 'EluGrad', ['dy', 'y'], (ddx, [dy, y]) => ({
    dy: () => run(tf, 'EluGrad', { dy: ddx, y: y! }),
    y: () => tf.mul(tf.mul(ddx, dy!), tf.step(tf.neg(detach(tf, y!)))),
  }));
  // The package has -1 at 0: two equal images would push each other (hazard H7).
  replace(tf, 'Abs', ['x'], (dy, [x]) => ({ x: () => tf.mul(dy, tf.sign(detach(tf, x!))) }));
}

/** The package multiplies by a tensor of ones that it makes in JavaScript and uploads, as large as the input. */
function registerReductions(tf: TensorFlow): void {
  const spread = (dy: TF.Tensor, x: TF.Tensor, axis: TF.Attribute | undefined): TF.Tensor => {
    const axes = tf.util.parseAxisParam(axis as number | number[], x.shape);
    const kept = x.shape.map((size, at) => (axes.includes(at) ? 1 : size));
    const expanded = tf.reshape(dy, kept);
    if (kept.every((size, at) => size === x.shape[at])) return expanded;
    // Not by tf.tile, which takes forty times as long on wasm.
    return tf.add(expanded, tf.zerosLike(detach(tf, x)));
  };
  replace(tf, 'Sum', ['x'], (dy, [x], { axis }) => ({ x: () => spread(dy, x!, axis) }));
  replace(tf, 'Mean', ['x'], (dy, [x], { axis }) => ({ x: () => spread(tf.mul(dy, dy.size / x!.size), x!, axis) }));
  // The package cuts out and adds every copy, thousands for a mean over an image.
  replace(tf, 'Tile', ['x'], (dy, [x], { reps }) => ({ x: () => sumOfCopies(tf, dy, x!.shape, reps as number[]) }));
}

/** One axis after the other: wasm adds tensors of more than six axes wrongly, without a word. */
function sumOfCopies(tf: TensorFlow, dy: TF.Tensor, shape: number[], repeats: readonly number[]): TF.Tensor {
  const sum = repeats.reduce((rest, copies, axis) => {
    if (copies === 1) return rest;
    const before = tf.util.sizeFromShape(shape.slice(0, axis));
    return tf.sum(tf.reshape(rest, [before, copies, rest.size / before / copies]), 1);
  }, dy);
  return tf.reshape(sum, shape);
}

/** The package has no gradient of the gradient with respect to the filter; that one is linear in both of its inputs. */
function registerConvolution(tf: TensorFlow): void {
  replace(tf, 'Conv2DBackpropFilter', ['x', 'dy'], (ddw, [x, dy], attributes) => {
    const inputs = { dy: dy!, filter: ddw };
    return {
      x: () => run(tf, 'Conv2DBackpropInput', inputs, { ...attributes, inputShape: x!.shape }),
      dy: () => run(tf, 'Conv2D', { x: x!, filter: ddw }, { ...attributes, dilations: 1 }),
    };
  });
}

function registerResizing(tf: TensorFlow): void {
  replace(tf, 'ResizeNearestNeighbor', ['images'], (dy, [images], attributes) => ({
    images: () => {
      const { alignCorners, halfPixelCenters } = attributes;
      const block: [number, number] = [dy.shape[1]! / images!.shape[1]!, dy.shape[2]! / images!.shape[2]!];
      if (!alignCorners && !halfPixelCenters && block.every(Number.isInteger)) return sumOfBlocks(tf, dy, block);
      return run(tf, 'ResizeNearestNeighborGrad', { dy, images: detach(tf, images!) }, attributes);
    },
  }));
  replace(tf, 'ResizeNearestNeighborGrad', ['dy'], (ddx, [dy], { alignCorners, halfPixelCenters }) => ({
    dy: () => {
      const size = dy!.shape.slice(1, 3) as [number, number];
      const [corners, centers] = [alignCorners as boolean, halfPixelCenters as boolean];
      return tf.image.resizeNearestNeighbor(ddx as TF.Tensor4D, size, corners, centers);
    },
  }));
  replace(tf, 'AvgPool', ['x'], (dy, [x], attributes) => ({
    x: () => run(tf, 'AvgPoolGrad', { dy, input: detach(tf, x!) }, attributes),
  }));
  replace(tf, 'AvgPoolGrad', [], (ddx, _saved, attributes) => ({
    dy: () => run(tf, 'AvgPool', { x: ddx }, attributes),
  }));
}

/**
 * Each pixel gets the sum over the block of dy that shows it. The kernel for this is wrong in plain JavaScript as soon
 * as there are two images, and slow on wasm.
 */
function sumOfBlocks(tf: TensorFlow, dy: TF.Tensor, block: [number, number]): TF.Tensor {
  return tf.mul(tf.avgPool(dy as TF.Tensor4D, block, block, 'valid'), block[0] * block[1]);
}

function registerMirrorPad(tf: TensorFlow): void {
  replace(tf, 'MirrorPad', ['x'], (dy, [x], attributes) => ({
    x: () => {
      if (hasKernel(tf, 'MirrorPadGrad')) return run(tf, 'MirrorPadGrad', { dy }, attributes);
      const { paddings, mode } = attributes as unknown as { paddings: [number, number][]; mode: MirrorMode };
      return mirrorPadGradient(tf, dy, x!.shape, paddings, mode);
    },
  }));
  replace(tf, 'MirrorPadGrad', [], (ddx, _saved, attributes) => ({
    dy: () => run(tf, 'MirrorPad', { x: ddx }, attributes),
  }));
}

/** Of the kernel that a backend may have for the sum of a layer's output and its bias. */
function registerAddBias(tf: TensorFlow): void {
  replace(tf, 'AddBias', [], (dy) => ({
    x: () => dy,
    bias: () =>
      tf.sum(
        dy,
        dy.shape.slice(1).map((_, axis) => axis),
      ),
  }));
}

/** Of the kernel that a backend may have for `normalizeBatch`; none goes through mean and variance. */
function registerBatchNorm(tf: TensorFlow): void {
  tf.registerGradient({
    kernelName: 'NormalizeBatch',
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, false, false, true, true],
    gradFunc: (dys, saved, attributes) => {
      const dy = (dys as TF.Tensor[])[0]!;
      const [x, scale, first, second] = saved as [TF.Tensor, TF.Tensor, TF.Tensor, TF.Tensor];
      const { epsilon } = attributes as { epsilon: number };
      const inputs = { dy, x, scale, first, second };
      const gradients = isRecorded(tf)
        ? batchNormGradients(tf, dy, x, scale, epsilon)
        : tf.engine().runKernel<TF.Tensor[]>('NormalizeBatchGrad', inputs, attributes);
      return { x: () => gradients[0]!, scale: () => gradients[1]!, offset: () => gradients[2]! };
    },
  });
}

/** Of the kernel that a backend may have for `normalizeImages`; none goes through its second output. */
function registerInstanceNorm(tf: TensorFlow): void {
  tf.registerGradient({
    kernelName: 'NormalizeImages',
    inputsToSave: ['x'],
    outputsToSave: [true, true],
    gradFunc: (dys, saved, attributes) => {
      const dy = (dys as TF.Tensor[])[0]!;
      const [x, normalized, inverse] = saved as [TF.Tensor, TF.Tensor, TF.Tensor];
      if (isRecorded(tf)) return { x: () => instanceNormGradient(tf, dy, x, Number(attributes['epsilon'])) };
      return { x: () => run(tf, 'NormalizeImagesGrad', { dy, normalized, inverse }) };
    },
  });
}

/** The same by operations that have gradients. */
function instanceNormGradient(tf: TensorFlow, dy: TF.Tensor, x: TF.Tensor, epsilon: number): TF.Tensor {
  const mean = (of: TF.Tensor): TF.Tensor => tf.mean(of, [1, 2], true);
  const centred = tf.sub(x, mean(x));
  const inverse = tf.rsqrt(tf.add(mean(tf.square(centred)), epsilon));
  const normalized = tf.mul(centred, inverse);
  const rest = tf.add(mean(dy), tf.mul(normalized, mean(tf.mul(dy, normalized))));
  return tf.mul(tf.sub(dy, rest), inverse);
}

/** The same by operations that have gradients, with respect to x, scale and offset. */
function batchNormGradients(tf: TensorFlow, dy: TF.Tensor, x: TF.Tensor, scale: TF.Tensor, epsilon: number) {
  const axes = x.shape.map((_, axis) => axis).slice(0, -1);
  const centred = tf.sub(x, tf.mean(x, axes));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes), epsilon));
  const normalized = tf.mul(centred, inverse);
  const product = tf.mul(dy, normalized);
  const rest = tf.add(tf.mean(dy, axes), tf.mul(normalized, tf.mean(product, axes)));
  return [tf.mul(tf.sub(dy, rest), tf.mul(inverse, scale)), tf.sum(product, axes), tf.sum(dy, axes)];
}
