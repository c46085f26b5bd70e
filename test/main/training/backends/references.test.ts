// Every operation that the recipes use, on every backend, against values worked out by another library in double
// precision: output, gradients, and the second derivatives that a gradient penalty needs.

import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import type { BackendId } from '../../../../src/shared/run.ts';
import { findAll, type Findings } from './findings.ts';
import { describeNative } from './native.ts';
import { cases } from './operations.ts';
import { askWebgpu, describeWebgpu } from './vulkan.ts';

function compare(find: () => Promise<Findings>): void {
  let found: Findings;
  beforeAll(async () => {
    found = await find();
  }, 600_000);

  for (const { name } of cases) {
    it(`computes ${name} and its first and second derivatives`, () => {
      const { error, output, gradients, second } = found.cases[name]!;
      expect(error).toBeUndefined();
      expect(output, 'output').toBeLessThan(1e-5);
      expect(gradients, 'gradients').toBeLessThan(1e-5);
      expect(second, 'second derivatives').toBeLessThan(5e-5);
    });
  }

  it('has no gradient of the absolute value at 0', () => {
    expect(found.slopesOfAbs).toEqual([-1, 0, 1]);
  });

  it('gives the middle pixel what all its mirror images get', () => {
    // x is 3x3 ones but for its middle, 5: reflected by 1 it stands in 9 places, so d/dx of the sum of squares is 2 * 9 * 5.
    expect(found.middlePixel).toBe(90);
  });

  it('leaves no tensor behind after a gradient penalty', () => {
    expect(found.tensorsLeft).toBe(0);
  });

  it('takes the gradient of a penalty of the norm through tf.variableGrads', () => {
    const [value, ...gradients] = found.penalty;
    expect(value).toBeCloseTo(16, 5);
    expect(gradients).toEqual([expect.closeTo(4.8, 5), expect.closeTo(6.4, 5)]);
  });
}

const here = (id: BackendId) => async () => findAll((await openBackend(id)).tf);

describe('plain JavaScript', () => compare(here('cpu')));
describe('wasm', () => compare(here('wasm')));
describeNative('native TensorFlow', () => compare(here('tensorflow')));
describeWebgpu('WebGPU', () => compare(() => askWebgpu<Findings>('references')));
