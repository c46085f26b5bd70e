// Shapes, exact counts of trainable parameters and multiply-adds of a network, from its plan alone.

import { UserError } from '../../../shared/contract.ts';
import type { LayerSummary, NetworkSummary } from '../../../shared/run.ts';
import type { Convolution, Layer, NetworkPlan, Residual, Shape, TransposedConvolution } from './layers.ts';

/** Throws UserError when a layer does not fit the one before it. */
export function describeNetwork(plan: NetworkPlan): NetworkSummary {
  const shapes = shapesOf(plan);
  const layers = plan.layers.flatMap((layer, at): LayerSummary[] => {
    const [input, output] = [shapes[at]!, shapes[at + 1]!];
    const { parameters, multiplyAdds } = costs(layer, input, output);
    const own = { name: layer.name, output, parameters, multiplyAdds };
    return layer.kind === 'residual' ? [...describeInner(plan.name, layer, input), own] : [own];
  });
  return { name: plan.name, trainable: layers.reduce((sum, layer) => sum + layer.parameters, 0), layers };
}

/** The inner layers of a residual one, as a network of their own. */
export function innerPlan(network: string, { name, layers }: Residual, input: Shape): NetworkPlan {
  return { name: `${network}/${name}`, input, layers };
}

function describeInner(network: string, layer: Residual, input: Shape): LayerSummary[] {
  const { layers } = describeNetwork(innerPlan(network, layer, input));
  return layers.map((inner) => ({ ...inner, name: `${layer.name}/${inner.name}` }));
}

/** Shape of the input and after each layer, without the batch axis. Throws UserError when a layer does not fit. */
export function shapesOf({ name, input, layers }: NetworkPlan): readonly Shape[] {
  const shapes = [input];
  for (const layer of layers) {
    const earlier = (of: string): Shape => shapes[1 + layers.findIndex((other) => other.name === of)] ?? [];
    shapes.push(outputShape(layer, shapes.at(-1)!, name, earlier));
  }
  return shapes;
}

function outputShape(layer: Layer, input: Shape, network: string, earlier: (layer: string) => Shape): Shape {
  const refuse = (expected: string): never => {
    throw new UserError(`${network}/${layer.name}: expected ${expected}, found [${input.join(', ')}]`);
  };
  const map = () => (input.length === 3 ? (input as [number, number, number]) : refuse('an input of rank 3'));
  switch (layer.kind) {
    case 'dense':
    case 'maxout':
      return input.length === 1 ? [layer.units] : refuse('a flat input');
    case 'convolution': {
      const [height, width] = map();
      return [convolvedLength(layer, height), convolvedLength(layer, width), layer.filters];
    }
    case 'transposed-convolution': {
      const [height, width] = map();
      return [transposedLength(layer, height), transposedLength(layer, width), layer.filters];
    }
    case 'upsampling': {
      const [height, width, channels] = map();
      return [height * layer.factor, width * layer.factor, channels];
    }
    case 'average-pooling': {
      const [height, width, channels] = map();
      const divides = height % layer.size === 0 && width % layer.size === 0;
      return divides ? [height / layer.size, width / layer.size, channels] : refuse(`sides divisible by ${layer.size}`);
    }
    case 'append-map': {
      const [height, width, channels] = map();
      const [rows = 0, columns = 0, more = 0] = earlier(layer.of);
      const isMultiple = height % rows === 0 && height / rows === width / columns;
      return isMultiple ? [height, width, channels + more] : refuse(`a multiple of the sides of ${layer.of}`);
    }
    case 'blend': {
      const other = earlier(layer.of);
      return other.join() === input.join() ? input : refuse(`the shape of ${layer.of}, [${other.join(', ')}]`);
    }
    case 'reshape':
      return size(layer.shape) === size(input) ? layer.shape : refuse(`${size(layer.shape)} values`);
    case 'append-class':
      return [...input.slice(0, -1), lastOf(input) + layer.classes];
    case 'reflection-pad': {
      const [height, width, channels] = map();
      const fits = Math.min(height, width) > layer.size;
      return fits ? [height + 2 * layer.size, width + 2 * layer.size, channels] : refuse(`sides over ${layer.size}`);
    }
    case 'residual': {
      const output = shapesOf(innerPlan(network, layer, input)).at(-1)!;
      return output.join() === input.join() ? input : refuse(`the shape its layers give, [${output.join(', ')}]`);
    }
    case 'instance-norm':
      return map();
    case 'batch-norm':
    case 'activation':
    case 'dropout':
      return input;
  }
}

function convolvedLength({ kernel, stride, padding }: Convolution, length: number): number {
  if (padding === 'same') return Math.ceil(length / stride);
  return Math.floor((length + 2 * padding - kernel) / stride) + 1;
}

function transposedLength({ kernel, stride, padding }: TransposedConvolution, length: number): number {
  return padding === 'valid' ? (length - 1) * stride + kernel : length * stride;
}

function costs(layer: Layer, input: Shape, output: Shape): { parameters: number; multiplyAdds: number } {
  switch (layer.kind) {
    case 'dense':
    case 'maxout': {
      const units = layer.kind === 'maxout' ? layer.units * layer.pieces : layer.units;
      const weights = lastOf(input) * units;
      return { parameters: weights + (layer.bias ? units : 0), multiplyAdds: weights };
    }
    case 'convolution':
    case 'transposed-convolution': {
      const weights = kernelSize(layer, input);
      // Each value of the map with the fewer pixels meets the whole kernel once.
      const places = layer.kind === 'convolution' ? output : input;
      return {
        parameters: weights + (layer.bias ? layer.filters : 0),
        multiplyAdds: weights * size(places.slice(0, 2)),
      };
    }
    case 'batch-norm':
    case 'instance-norm': {
      const parameters = lastOf(input) * (Number(layer.scale) + Number(layer.offset));
      return { parameters, multiplyAdds: size(input) };
    }
    default:
      return { parameters: 0, multiplyAdds: 0 };
  }
}

function kernelSize(layer: Convolution | TransposedConvolution, input: Shape): number {
  return layer.kernel * layer.kernel * lastOf(input) * layer.filters;
}

export function size(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function lastOf(shape: Shape): number {
  return shape.at(-1) ?? 1;
}
