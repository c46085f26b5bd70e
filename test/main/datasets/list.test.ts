// The list of data sets and the picture that the Data page shows of each.

import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { dataSets, findDataSet } from '../../../src/main/datasets/list.ts';
import { previewPng } from '../../../src/main/datasets/preview.ts';

describe('the list of data sets', () => {
  it('is in the order of the menus and finds each by its id', () => {
    expect(dataSets.map(({ id }) => id)).toEqual([
      ...['mnist', 'fashion', 'kmnist', 'glyphs', 'cifar10', 'olivetti', 'lfw', 'celeba'],
      ...['normal1d', 'normal2d', 'ring', 'two-gaussians', 'line', 'islands'],
    ]);
    for (const dataSet of dataSets) expect(findDataSet(dataSet.id)).toBe(dataSet);
  });

  it('names the known ones when there is none of that id', () => {
    expect(() => findDataSet('cats')).toThrow(UserError);
    expect(() => findDataSet('cats')).toThrow(/^data: expected one of mnist, fashion, .*, found "cats"$/);
    expect(() => findDataSet('folder-cats')).toThrow(/saddle data import folder PATH$/);
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

  it.each(['normal1d', 'ring'])('draws the density of %s where it is, and leaves the rest to the page', async (id) => {
    const set = findDataSet(id);
    const { points } = await set.open('');
    const { width, height, channels, data } = decode(await previewPng(set, ''));
    expect([width, height, channels]).toEqual([224, 224, 4]);
    const alpha = (x: number, y: number) => Number(data[(y * 224 + x) * 4 + 3]);
    const pixelOf = (place: number) => Math.floor(((place / points!.extent + 1) / 2) * 224);
    if (id === 'normal1d') {
      expect([alpha(112, 30), alpha(112, 10), alpha(2, 30)]).toEqual([255, 0, 0]);
      // At one standard deviation the density is exp(-1/2) = 0.607 of the greatest.
      const column = Array.from({ length: 224 }, (_, y) => alpha(pixelOf(1), y));
      expect(column.filter((value) => value > 0).length / 224 / 0.9).toBeCloseTo(0.607, 1);
    } else {
      // The ring's hill at (2, 0), and its empty middle.
      expect(alpha(pixelOf(2), pixelOf(0))).toBeGreaterThan(200);
      expect(alpha(pixelOf(0), pixelOf(0))).toBe(0);
    }
  });
});
