// Cutting and resizing, against Pillow 13.0 and OpenCV 5.0. Their numbers were made with
//   image = [[(37*y*y + 59*x + 11*x*y*y + 83) % 256 for x in range(7)] for y in range(5)]
//   Image.fromarray(image).resize((width, height), Image.BILINEAR)
//   cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)

import { describe, expect, it } from 'vitest';
import { cropBox, mirror, render, type FullView, type Pixels } from '../../../src/main/datasets/resample.ts';

const image: Pixels = {
  height: 5,
  width: 7,
  channels: 1,
  data: Uint8Array.from({ length: 35 }, (_, at) => {
    const [y, x] = [Math.floor(at / 7), at % 7];
    return (37 * y * y + 59 * x + 11 * x * y * y + 83) % 256;
  }),
};
const stretched: FullView = { height: 3, width: 4, channels: 1, crop: 'stretch', resize: null };

function worstDifference(found: Uint8Array, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...expected.map((value, at) => Math.abs(value - found[at]!)));
}

describe('resizing', () => {
  it('shrinks and grows by bilinear as Pillow does, but for its rounding between rows and columns', () => {
    const smaller = render(image, { ...stretched, resize: 'bilinear' });
    expect(worstDifference(smaller, [127, 103, 92, 134, 149, 115, 117, 135, 139, 137, 82, 80])).toBeLessThanOrEqual(1);
    const larger = render(image, { ...stretched, height: 8, width: 9 });
    const pillow = [
      [83, 122, 168, 157, 4, 50, 96, 142, 181],
      [99, 142, 141, 97, 35, 84, 134, 146, 114],
      [127, 165, 108, 28, 71, 127, 183, 154, 31],
      [196, 141, 119, 107, 42, 114, 186, 173, 64],
      [209, 118, 127, 163, 57, 89, 164, 172, 82],
      [164, 97, 132, 195, 116, 50, 117, 151, 84],
      [162, 125, 133, 152, 110, 67, 87, 94, 58],
      [163, 149, 133, 116, 100, 84, 67, 51, 37],
    ];
    expect(worstDifference(larger, pillow.flat())).toBeLessThanOrEqual(1);
  });

  it('shrinks by area as OpenCV does, and by area when nothing is said', () => {
    const opencv = [125, 102, 86, 137, 153, 118, 111, 135, 140, 139, 79, 78];
    expect(worstDifference(render(image, { ...stretched, resize: 'area' }), opencv)).toBeLessThanOrEqual(1);
    expect(render(image, stretched)).toEqual(render(image, { ...stretched, resize: 'area' }));
  });

  it('takes every second pixel from the first on when nearest halves, as the reference of BEGAN does', () => {
    const ramp: Pixels = { height: 2, width: 8, channels: 1, data: Uint8Array.from({ length: 16 }, (_, at) => at) };
    const view: FullView = { height: 1, width: 4, channels: 1, crop: 'stretch', resize: 'nearest' };
    expect([...render(ramp, view)]).toEqual([0, 2, 4, 6]);
  });

  it.each(['nearest', 'bilinear', 'area'] as const)('leaves one even colour what it is by %s', (resize) => {
    const even: Pixels = { height: 9, width: 13, channels: 3, data: new Uint8Array(9 * 13 * 3).fill(201) };
    for (const size of [4, 31])
      expect(new Set(render(even, { height: size, width: size, channels: 3, crop: 'centre', resize }))).toEqual(
        new Set([201]),
      );
  });
});

describe('colour and grey', () => {
  it("makes grey of colour as Pillow's L does, and colour of grey by repeating it", () => {
    const colours = Uint8Array.of(10, 200, 30, 255, 0, 0, 0, 255, 0, 0, 0, 255);
    const square: Pixels = { height: 2, width: 2, channels: 3, data: colours };
    const grey: FullView = { height: 2, width: 2, channels: 1, crop: 'stretch', resize: null };
    expect([...render(square, grey)]).toEqual([124, 76, 150, 29]);
    const greys: Pixels = { height: 1, width: 2, channels: 1, data: Uint8Array.of(7, 255) };
    expect([...render(greys, { ...grey, height: 1, channels: 3 })]).toEqual([7, 7, 7, 255, 255, 255]);
  });
});

describe('cropping', () => {
  const celeba = { height: 218, width: 178 };
  it("finds the parts of a CelebA image that carpedm20's DCGAN and BEGAN take", () => {
    expect(cropBox('centre-108', celeba, { height: 64, width: 64 })).toEqual({
      top: 55,
      left: 35,
      height: 108,
      width: 108,
    });
    expect(cropBox('face-128', celeba, { height: 64, width: 64 })).toEqual({
      top: 50,
      left: 25,
      height: 128,
      width: 128,
    });
  });

  it('takes the largest centred part of the wanted shape', () => {
    expect(cropBox('centre', celeba, { height: 64, width: 64 })).toEqual({ top: 20, left: 0, height: 178, width: 178 });
    expect(cropBox('centre', celeba, { height: 32, width: 64 })).toEqual({ top: 64, left: 0, height: 89, width: 178 });
    expect(cropBox('stretch', celeba, { height: 64, width: 64 })).toEqual({ top: 0, left: 0, ...celeba });
  });

  it('takes the centre where a crop of fixed size does not fit', () => {
    const small = { height: 32, width: 48 };
    for (const crop of ['centre-108', 'face-128'] as const)
      expect(cropBox(crop, small, { height: 64, width: 64 })).toEqual({ top: 0, left: 8, height: 32, width: 32 });
  });

  it('mirrors left and right and nothing else', () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    expect([...mirror({ height: 2, width: 2, channels: 3, data })]).toEqual([4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
  });
});
