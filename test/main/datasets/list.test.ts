// The list of data sets and the picture that the Data page shows of each.

import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { dataSets, findDataSet } from '../../../src/main/datasets/list.ts';
import { previewPng } from '../../../src/main/datasets/preview.ts';

describe('the list of data sets', () => {
  it('is in the order of the menus and finds each by its id', () => {
    expect(dataSets.map(({ id }) => id)).toEqual(['mnist', 'glyphs']);
    for (const dataSet of dataSets) expect(findDataSet(dataSet.id)).toBe(dataSet);
  });

  it('names the known ones when there is none of that id', () => {
    expect(() => findDataSet('cats')).toThrow(new UserError('data: expected one of mnist, glyphs, found "cats"'));
  });
});

describe('the preview', () => {
  it('shows the first 96 images in 8 rows of 12, pixel for pixel', async () => {
    const glyphs = findDataSet('glyphs');
    const open = await glyphs.open('');
    const picture = decode(await previewPng(glyphs, ''));
    expect([picture.width, picture.height, picture.channels, picture.depth]).toEqual([336, 224, 1, 8]);
    for (let cell = 0; cell < 96; cell++) {
      const [left, top] = [(cell % 12) * 28, Math.floor(cell / 12) * 28];
      const seen = Uint8Array.from({ length: 784 }, (_, at) =>
        Number(picture.data[(top + Math.floor(at / 28)) * 336 + left + (at % 28)]),
      );
      expect(seen).toEqual(open.read([cell]));
    }
  });
});
