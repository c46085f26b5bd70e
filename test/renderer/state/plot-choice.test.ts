import { expect, test } from 'vitest';
import { FIRST_PLOTS, isPlotChoice } from '../../../src/renderer/state/plot-choice.ts';

test('what is remembered fits again, and what an unknown version wrote is dropped', () => {
  const chosen = { ...FIRST_PLOTS, view: 'scatter', axes: ['setting:seed'], logs: { 'scalar:loss/d': true }, x: null, y: 'scalar:loss/d' }; // prettier-ignore
  expect(isPlotChoice(JSON.parse(JSON.stringify(chosen)))).toBe(true);
  for (const broken of [null, { ...chosen, view: 'pie' }, { ...chosen, axes: ['name'] }, { ...chosen, y: 3 }, { ...chosen, logs: { a: 1 } }]) {
    expect(isPlotChoice(broken)).toBe(false);
  } // prettier-ignore
});
