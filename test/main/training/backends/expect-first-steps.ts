// What a first step on a backend may differ from plain JavaScript's.

import { expect } from 'vitest';
import { PRESETS, type StepDistances } from './one-step.ts';

/** Throws when one is further away than rounding takes it. */
export function expectFirstSteps(found: Readonly<Record<string, StepDistances>>): void {
  expect(Object.keys(found)).toEqual(expect.arrayContaining(PRESETS));
  for (const [preset, { scalars, moments, sample }] of Object.entries(found)) {
    expect(scalars, `${preset}: scalars`).toBeLessThan(5e-5);
    // The second network's gradient comes after Adam has moved the first, by a whole step where its gradient is all rounding.
    expect(moments, `${preset}: gradients`).toBeLessThan(2e-3);
    expect(sample, `${preset}: an image`).toBeLessThan(2e-3);
  }
}
