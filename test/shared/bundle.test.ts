import { expect, it } from 'vitest';
import { joinBundle, splitBundle } from '../../src/shared/bundle.ts';

it('gives back the files that were joined, empty ones and none too', () => {
  const files = [Uint8Array.of(1, 2, 3), new Uint8Array(), Uint8Array.from({ length: 70_000 }, (_, at) => at)];
  expect(splitBundle(joinBundle(files))).toEqual(files);
  expect(splitBundle(joinBundle([]))).toEqual([]);
  // A part of a larger memory, as Node's buffers are.
  const bundle = joinBundle(files);
  const within = new Uint8Array(bundle.length + 5);
  within.set(bundle, 5);
  expect(splitBundle(within.subarray(5))).toEqual(files);
});

it('writes lengths with the lower byte first', () => {
  expect([...joinBundle([new Uint8Array(258)]).subarray(0, 4)]).toEqual([2, 1, 0, 0]);
});

it('refuses a bundle that was cut off', () => {
  const bundle = joinBundle([Uint8Array.of(1, 2, 3)]);
  expect(() => splitBundle(bundle.subarray(0, 6))).toThrow('the bundle has 6 bytes, expected at least 7');
  expect(() => splitBundle(bundle.subarray(0, 3))).toThrow(RangeError);
});
