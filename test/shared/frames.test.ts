import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../src/shared/frames.ts';

const pass = (value: unknown) => decodeFrame(encodeFrame(value));

describe('frames as text', () => {
  it('carry columns of every kind with NaN and the infinities, bit for bit', () => {
    const columns = {
      values: Float32Array.of(1.5, NaN, Infinity, -Infinity, -0, 1e-45),
      steps: Float64Array.of(0, 9_007_199_254_740_991, NaN),
      count: Uint32Array.of(0, 4_294_967_295),
      signed: Int32Array.of(-2_147_483_648, 1),
      bytes: Uint8Array.of(0, 127, 128, 255),
    };
    expect(pass(columns)).toStrictEqual(columns);
    expect(Object.is((pass(columns) as typeof columns).values[4], -0)).toBe(true);
  });

  it('carry single numbers that JSON would turn into null', () => {
    expect(pass({ lastValues: { 'loss/d': NaN, 'loss/g': -Infinity, ok: 2 } })).toStrictEqual({
      lastValues: { 'loss/d': NaN, 'loss/g': -Infinity, ok: 2 },
    });
  });

  it('carry only the part of the buffer that a column shows', () => {
    const buffer = Float32Array.of(1, 2, 3, 4);
    expect(pass({ part: buffer.subarray(1, 3) })).toStrictEqual({ part: Float32Array.of(2, 3) });
  });

  it('carry a column of four thousand points and an empty one', () => {
    const long = Float64Array.from({ length: 4000 }, (_, index) => index / 3);
    expect(pass([long, new Float32Array(0)])).toStrictEqual([long, new Float32Array(0)]);
  });

  it.each([
    ['not JSON', '{"a":', SyntaxError],
    ['a column of an unknown kind', '{"$column":"Nonsense","base64":""}', TypeError],
    ['a column cut in the middle of a value', '{"$column":"Float32Array","base64":"AAA="}', RangeError],
  ])('refuse %s', (_what, text, kind) => {
    expect(() => decodeFrame(text)).toThrow(kind);
  });

  it('give no name of a prototype any meaning', () => {
    const frame = decodeFrame('{"__proto__":{"polluted":true},"$column":"constructor"}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(frame)).toBe(Object.prototype);
  });
});
