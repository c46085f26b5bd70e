import { describe, expect, it } from 'vitest';
import { dcgan28 } from '../../../src/main/training/recipes/dcgan28.ts';
import { comparePresets, labelOf } from '../../../src/renderer/state/preset-table.ts';

describe('the presets side by side', () => {
  const rows = comparePresets(dcgan28.parameters, dcgan28.presets);

  it('show only settings that differ, with the value of every preset in their order', () => {
    const of = (name: string) => rows.find(({ row }) => row.name === name)?.values;
    expect(dcgan28.presets.map(({ id }) => id)).toEqual(['app', 'small', 'post', 'paper', 'reference']);
    // The article's code: a slow discriminator.
    expect(of('discriminatorLearningRate')).toEqual([2e-4, 5e-4, 1e-5, 2e-4, 2e-4]);
    expect(of('labelSmoothing')).toBeUndefined();
    expect(rows.every(({ values }) => new Set(values).size > 1)).toBe(true);
  });

  it('name choices as the form does', () => {
    const { row } = rows.find(({ row }) => row.name === 'imageRange')!;
    expect(labelOf(row, '0..1')).toBe('0 to 1');
    expect(labelOf({ ...row, kind: 'switch', default: false }, true)).toBe(true);
  });
});
