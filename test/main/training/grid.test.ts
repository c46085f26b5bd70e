import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { composeGrid, encodeGrid, floatsFromPixels, pixelsFromFloats } from '../../../src/main/training/grid.ts';

describe('pixels', () => {
  it.each(['-1..1', '0..1'] as const)('come back exactly for all 256 values, range %s', (range) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const floats = floatsFromPixels(bytes, range);
    expect([floats[0], floats[255]]).toEqual(range === '0..1' ? [0, 1] : [-1, 1]);
    expect(pixelsFromFloats(floats, range)).toEqual(bytes);
  });

  it('beyond the range are clipped, not wrapped (H10)', () => {
    expect([...pixelsFromFloats(Float32Array.of(-3, 9, Infinity, NaN), '-1..1')]).toEqual([0, 255, 255, 0]);
    expect([...pixelsFromFloats(Float32Array.of(-0.02, 1.18), '0..1')]).toEqual([0, 255]);
  });
});

describe('a grid', () => {
  const shape = { rows: 2, columns: 2, cellWidth: 2, cellHeight: 1, channels: 1 };

  it('has its cells in reading order without gaps, missing ones black', () => {
    expect([...composeGrid(Uint8Array.of(1, 2, 3, 4, 5, 6), shape)]).toEqual([1, 2, 3, 4, 5, 6, 0, 0]);
    const tall = { ...shape, cellWidth: 1, cellHeight: 2 };
    expect([...composeGrid(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), tall)]).toEqual([1, 3, 2, 4, 5, 7, 6, 8]);
  });

  it('comes back from PNG pixel by pixel, grey and colour', async () => {
    const grey = await encodeGrid(Uint8Array.of(0, 255, 3, 4, 5, 6, 7, 8), shape);
    expect(decode(grey, { checkCrc: true })).toMatchObject({ width: 4, height: 2, channels: 1, depth: 8 });
    expect([...decode(grey).data]).toEqual([0, 255, 3, 4, 5, 6, 7, 8]);
    const colour = { rows: 1, columns: 2, cellWidth: 1, cellHeight: 1, channels: 3 };
    const png = decode(await encodeGrid(Uint8Array.of(1, 2, 3, 250, 251, 252), colour), { checkCrc: true });
    expect(png).toMatchObject({ width: 2, height: 1, channels: 3 });
    expect([...png.data]).toEqual([1, 2, 3, 250, 251, 252]);
  });
});
