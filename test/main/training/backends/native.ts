// Tests that need native TensorFlow: in CI they fail where it is absent, elsewhere they are skipped with a sentence.

import { describe, expect, it } from 'vitest';
import { findRuntime } from '../../../../src/main/runtime/pack.ts';
import { whyNotInstallable } from '../../../../src/main/runtime/why-not.ts';

export function describeNative(name: string, tests: () => void): void {
  if (findRuntime() !== null) {
    describe(name, tests);
  } else if (process.env['CI']) {
    it(`${name}: native TensorFlow is there`, () => {
      expect(findRuntime(), whyNotInstallable() ?? 'run: npm run runtime').not.toBeNull();
    });
  } else {
    describe.skip(`${name} (native TensorFlow is not installed; to have these tests run: npm run runtime)`, tests);
  }
}
