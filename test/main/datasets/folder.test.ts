// Any folder of images as a data set: what is taken, what is refused, what the options do.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import type { FolderOptions } from '../../../src/shared/images.ts';
import { findFolderSet, folderId, importFolder, listFolderSets } from '../../../src/main/datasets/folder.ts';
import { UnreadableFiles } from '../../../src/main/datasets/image-files.ts';
import { findDataSet, listDataSets } from '../../../src/main/datasets/list.ts';
import { previewPng } from '../../../src/main/datasets/preview.ts';
import { encodeBmp } from './image-bytes.ts';

const OPTIONS: FolderOptions = { name: '', size: 8, crop: 'centre', colour: 'rgb', flip: false, background: '#ffffff' };
const REAL = resolve(import.meta.dirname, '../../../../shared/data/horse2zebra');

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'saddle-folder-'));
  folder = join(home, 'pictures');
  mkdirSync(folder);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}

/** One even colour. */
function plain(r: number, g: number, b: number, size = 16): Sharp {
  return sharp({ create: { width: size, height: size, channels: 3, background: { r, g, b } } });
}

describe('importing a folder', () => {
  it('takes every format by its first bytes, whatever the file is called, in the order of the numbers', async () => {
    put('image-10.png', await plain(10, 0, 0).png().toBuffer());
    put('image-2.jpg', await plain(2, 0, 0).png().toBuffer());
    put('image-1.txt', await plain(1, 0, 0).webp({ lossless: true }).toBuffer());
    put('image-3.png', encodeBmp(new Uint8Array(48).fill(3), 4, 4, { bits: 24, isTopDown: false }));
    put('image-4', await plain(4, 4, 4).gif().toBuffer());
    put('notes.txt', Buffer.from('not an image'));
    put('.hidden.png', Buffer.from('broken'));
    expect(await importFolder(home, folder, OPTIONS)).toEqual({ id: 'folder', images: 5, unreadable: [] });
    const data = await findDataSet('folder', home).open(home);
    expect([data.count, data.height, data.width, data.channels]).toEqual([5, 8, 8, 3]);
    expect([0, 1, 2, 3, 4].map((index) => data.read([index])[0])).toEqual([1, 2, 3, 4, 10]);
    data.close();
  });

  it('makes classes of sub-folders', async () => {
    put('cats/1.png', await plain(1, 1, 1).png().toBuffer());
    put('dogs/young/1.png', await plain(2, 2, 2).png().toBuffer());
    put('cats/2.png', await plain(3, 3, 3).png().toBuffer());
    await importFolder(home, folder, OPTIONS);
    const set = findDataSet('folder', home);
    expect(set.classes).toEqual(['cats', 'dogs']);
    expect([...(await set.open(home)).labels]).toEqual([0, 0, 1]);
  });

  it('lists what cannot be read and imports nothing until the user agrees', async () => {
    const jpeg = await plain(200, 0, 0, 64).jpeg().toBuffer();
    put('good.jpg', jpeg);
    put('short.jpg', jpeg.subarray(0, jpeg.length >> 1));
    put('empty.png', Buffer.alloc(0));
    put('photo.heic', Buffer.from('something else'));
    put('print.jpg', await plain(0, 0, 0).toColourspace('cmyk').jpeg().toBuffer());
    const problem = await importFolder(home, folder, OPTIONS).catch((caught: unknown) => caught);
    expect(problem).toBeInstanceOf(UnreadableFiles);
    expect((problem as UnreadableFiles).files.map(({ path }) => path)).toEqual([
      'empty.png',
      'photo.heic',
      'print.jpg',
      'short.jpg',
    ]);
    expect((problem as UnreadableFiles).message).toMatch(
      /^4 of 5 files cannot be read:\n {2}empty\.png: expected JPEG, .*\n.*CMYK.*--skip-unreadable\.$/s,
    );
    expect(listFolderSets(home)).toEqual([]);
    expect(readdirSync(home)).toEqual(['pictures']);

    const done = await importFolder(home, folder, OPTIONS, { skipUnreadable: true });
    expect([done.images, done.unreadable.length]).toEqual([1, 4]);
    expect(findDataSet('folder', home).about).toContain('4 unreadable files left out');
  });

  it('takes each image a second time, mirrored', async () => {
    const left = Buffer.alloc(8 * 8 * 3);
    for (let y = 0; y < 8; y++) left.fill(255, y * 24, y * 24 + 12);
    put(
      'left.png',
      await sharp(left, { raw: { width: 8, height: 8, channels: 3 } })
        .png()
        .toBuffer(),
    );
    put('z.png', await plain(9, 9, 9).png().toBuffer());
    expect((await importFolder(home, folder, { ...OPTIONS, flip: true })).images).toBe(4);
    const set = findDataSet('folder', home);
    const data = await set.open(home);
    expect([set.count, data.count, data.labels.length]).toEqual([4, 4, 4]);
    expect([data.read([0])[0], data.read([0])[21], data.read([2])[0], data.read([2])[21]]).toEqual([255, 0, 0, 255]);
    // At another size as well, and side by side with others.
    const small = await set.open(home, { height: 2, width: 2, channels: 1 });
    expect([...small.read([2, 1, 0])]).toEqual([0, 255, 0, 255, 9, 9, 9, 9, 255, 0, 255, 0]);
    data.close();
    small.close();
  });

  it('crops, makes grey and fills what is transparent as asked', async () => {
    // 24 x 8: left third red, the rest transparent.
    const pixels = Buffer.alloc(24 * 8 * 4);
    for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) pixels.set([255, 0, 0, 255], (y * 24 + x) * 4);
    put(
      'a.png',
      await sharp(pixels, { raw: { width: 24, height: 8, channels: 4 } })
        .png()
        .toBuffer(),
    );
    const first = async (options: Partial<FolderOptions>) => {
      const { id } = await importFolder(home, folder, { ...OPTIONS, ...options });
      const data = await findDataSet(id, home).open(home);
      const image = data.read([0]);
      data.close();
      return [data.channels, ...image.subarray(0, 3), image.at(-1)];
    };
    expect(await first({ name: 'centre', background: '#00ff00' })).toEqual([3, 0, 255, 0, 0]);
    expect(await first({ name: 'stretch', crop: 'stretch', background: '#000000' })).toEqual([3, 255, 0, 0, 0]);
    // Red's luma is 76.
    expect(await first({ name: 'grey', crop: 'stretch', colour: 'grey' })).toEqual([
      1,
      76,
      76,
      expect.any(Number),
      255,
    ]);
  });

  it('keeps the originals: a larger view is as sharp as they are, after the folder is gone', async () => {
    const stripes = Buffer.from(Uint8Array.from({ length: 32 * 32 * 3 }, (_, at) => (Math.floor(at / 3) % 2) * 255));
    put(
      'a.png',
      await sharp(stripes, { raw: { width: 32, height: 32, channels: 3 } })
        .png()
        .toBuffer(),
    );
    await importFolder(home, folder, OPTIONS);
    rmSync(folder, { recursive: true });
    const data = await findDataSet('folder', home).open(home, { height: 32, width: 32 });
    expect(Buffer.from(data.read([0]))).toEqual(stripes);
    data.close();
  });

  it('has several beside each other, and none of a name twice', async () => {
    put('a.png', await plain(1, 2, 3).png().toBuffer());
    expect((await importFolder(home, folder, { ...OPTIONS, name: 'My Cats' })).id).toBe('folder-my-cats');
    await importFolder(home, folder, OPTIONS);
    expect(
      listDataSets(home)
        .slice(-2)
        .map(({ id, title }) => [id, title]),
    ).toEqual([
      ['folder', 'Own folder'],
      ['folder-my-cats', 'My Cats'],
    ]);
    await expect(importFolder(home, folder, { ...OPTIONS, name: 'my cats!' })).rejects.toThrow(
      /^name: folder-my-cats is there already .* saddle data remove folder-my-cats$/,
    );
    expect(() => folderId('猫')).toThrow(UserError);
  });

  it('refuses a folder that is not there, a file, and a folder without images', async () => {
    await expect(importFolder(home, join(home, 'nowhere'), OPTIONS)).rejects.toThrow('found nothing there');
    put('a.txt', Buffer.from('x'));
    await expect(importFolder(home, join(folder, 'a.txt'), OPTIONS)).rejects.toThrow(
      'expected a folder of images, found a file',
    );
    await expect(importFolder(home, folder, OPTIONS)).rejects.toThrow('found none that can be read');
    expect(listFolderSets(home)).toEqual([]);
  });

  it('can be stopped, and leaves nothing behind', async () => {
    for (let index = 0; index < 30; index++) put(`${index}.png`, await plain(index, 0, 0).png().toBuffer());
    const stop = new AbortController();
    const told: number[] = [];
    const watch = {
      signal: stop.signal,
      progress(done: number, total: number) {
        told.push(total);
        if (done === 10) stop.abort(new Error('enough'));
      },
    };
    await expect(importFolder(home, folder, OPTIONS, watch)).rejects.toThrow('enough');
    expect(new Set(told)).toEqual(new Set([30]));
    expect(readdirSync(home)).toEqual(['pictures']);
  });

  it.skipIf(process.platform === 'win32')('follows links to files, and says which lead nowhere', async () => {
    put('a.png', await plain(1, 2, 3).png().toBuffer());
    symlinkSync(join(folder, 'a.png'), join(folder, 'b.png'));
    symlinkSync(join(folder, 'gone.png'), join(folder, 'c.png'));
    await expect(importFolder(home, folder, OPTIONS)).rejects.toThrow('c.png: cannot be opened (ENOENT)');
    expect((await importFolder(home, folder, OPTIONS, { skipUnreadable: true })).images).toBe(2);
  });

  it.skipIf(!existsSync(REAL))('takes 200 real photographs in four classes', async () => {
    expect((await importFolder(home, REAL, { ...OPTIONS, size: 64 })).images).toBe(200);
    const set = findFolderSet('folder', home)!;
    expect(set.classes).toEqual(['testA', 'testB', 'trainA', 'trainB']);
    expect((await sharp(await previewPng(set, home, { height: 32, width: 32 })).metadata()).width).toBe(12 * 32);
  });
});
