import sharp from 'sharp';
import { expect, test } from 'vitest';
import {
  fitView,
  holdWipe,
  originOf,
  panView,
  placeAt,
  takeDifference,
  zoomView,
  ZOOMS,
} from '../../../src/renderer/state/picture-pair.ts';
import { createRandom } from '../../../src/main/training/random.ts';

function noise(seed: number, pixels: number): Uint8ClampedArray {
  const values = createRandom(seed).uniform(4 * pixels, 0, 255);
  return Uint8ClampedArray.from(values, (value, at) => (at % 4 === 3 ? 255 : value));
}

test('the difference is what libvips says it is, and amplified it is that many times as bright', async () => {
  const [a, b] = [noise(1, 35), noise(2, 35)];
  const raw = { width: 7, height: 5, channels: 4 } as const;
  const input = await sharp(b, { raw }).removeAlpha().raw().toBuffer();
  const theirs = await sharp(a, { raw })
    .removeAlpha()
    .composite([{ input, raw: { ...raw, channels: 3 }, blend: 'difference' }])
    .removeAlpha()
    .raw()
    .toBuffer();
  const colours = (pixels: Uint8ClampedArray): number[] => [...pixels].filter((_, at) => at % 4 !== 3);
  const ours = takeDifference(a, b, 1).pixels;
  // libvips blends with premultiplied floats and cuts off: one less where ours is whole.
  const apart = colours(ours).map((value, at) => value - theirs[at]!);
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  expect(Math.max(...colours(ours))).toBeGreaterThan(200);
  for (const gain of [4, 16]) {
    const { pixels } = takeDifference(a, b, gain);
    expect(colours(pixels)).toEqual(colours(ours).map((value) => Math.min(255, value * gain)));
    expect([...pixels].filter((_, at) => at % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  }
});

test('share and mean of a difference count pixels and channels, before amplifying', () => {
  const a = Uint8ClampedArray.of(10, 10, 10, 255, 0, 0, 0, 255);
  const b = Uint8ClampedArray.of(10, 10, 10, 0, 0, 30, 255, 255);
  expect(takeDifference(a, b, 16)).toMatchObject({ share: 0.5, mean: 285 / 6 });
  expect(takeDifference(a, a, 16)).toMatchObject({ share: 0, mean: 0 });
});

test('a fitted picture is the greatest whole multiple, or a whole part, that fits', () => {
  expect(fitView({ width: 224, height: 224 }, { width: 1000, height: 700 })).toEqual({ zoom: 3, x: 112, y: 112 });
  expect(fitView({ width: 1024, height: 512 }, { width: 1000, height: 700 }).zoom).toBe(1 / 2);
  expect(fitView({ width: 90_000, height: 10 }, { width: 1000, height: 700 }).zoom).toBe(ZOOMS[0]);
});

test('zooming keeps the place under the pointer where it is, to half a screen pixel, and stops at both ends', () => {
  const room = { width: 801, height: 600 };
  let view = fitView({ width: 224, height: 224 }, room);
  for (const direction of [1, 1, 1, -1, -1, 1] as const) {
    const anchor = placeAt(view, room, 333, 222);
    view = zoomView(view, direction, anchor);
    const origin = originOf(view, room);
    expect(Math.abs(origin.left + anchor.x * view.zoom - 333)).toBeLessThanOrEqual(1);
    expect(Math.abs(origin.top + anchor.y * view.zoom - 222)).toBeLessThanOrEqual(1);
  }
  const ends = [ZOOMS[0]!, ZOOMS.at(-1)!].map((zoom) => ({ zoom, x: 1, y: 1 }));
  expect([zoomView(ends[0]!, -1, ends[0]!), zoomView(ends[1]!, 1, ends[1]!)]).toEqual(ends);
});

test('every pixel of a picture begins on a whole screen pixel, at whole zooms', () => {
  const room = { width: 801, height: 599 };
  for (const zoom of ZOOMS.filter((zoom) => zoom >= 1)) {
    const { left, top } = originOf({ zoom, x: 100.3, y: 7.7 }, room);
    expect([left % 1, top % 1, (left + 13 * zoom) % 1]).toEqual([0, 0, 0].map((zero) => expect.closeTo(zero, 9)));
  }
});

test('panning moves by screen pixels and keeps the picture in the middle of the view', () => {
  const picture = { width: 224, height: 224 };
  const view = { zoom: 4, x: 112, y: 112 };
  expect(panView(view, picture, 40, -80)).toEqual({ zoom: 4, x: 122, y: 92 });
  expect(panView(view, picture, -9999, 9999)).toEqual({ zoom: 4, x: 0, y: 224 });
});

test('the line of a wipe lies between two pixels and inside the picture', () => {
  expect([-5, 0.4, 0.6, 111.5, 999].map((x) => holdWipe(x, 224))).toEqual([0, 0, 1, 112, 224]);
});
