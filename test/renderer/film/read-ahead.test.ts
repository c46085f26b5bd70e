import { expect, it } from 'vitest';
import { partsOf } from '../../../src/renderer/film/read-ahead.ts';
import { MOST_IN_BUNDLE } from '../../../src/shared/bundle.ts';
import type { RunId } from '../../../src/shared/run.ts';

const picture = (id: number, bytes: number) => ({ run: '20260101-000000-0000' as RunId, id, bytes, caption: '' });

it('fetches small pictures many at a time and large ones a few at a time, all of them in order', () => {
  const small = Array.from({ length: 1000 }, (_, id) => picture(id, 500));
  expect(partsOf(small).map(({ length }) => length)).toEqual(Array(5).fill(MOST_IN_BUNDLE));
  const large = Array.from({ length: 10 }, (_, id) => picture(id, 3e6));
  expect(partsOf(large).map(({ length }) => length)).toEqual([2, 2, 2, 2, 2]);
  expect(partsOf([picture(1, 5e7), picture(2, 5e7)]).map(({ length }) => length)).toEqual([1, 1]);
  expect(partsOf([...small, ...large]).flat()).toEqual([...small, ...large]);
  expect(partsOf([])).toEqual([]);
});
