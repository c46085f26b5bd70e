// Data sets at other sizes: the file of pixels that is made once, who makes it, and how it goes away. Real files, real processes.

import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageView } from '../../../src/shared/images.ts';
import { glanceAt, openView, viewsFolder, type ImageSource } from '../../../src/main/datasets/image-source.ts';
import { openPixelFile } from '../../../src/main/datasets/pixel-file.ts';
import { render, type FullView } from '../../../src/main/datasets/resample.ts';
import { removeData, removeViews, useOf } from '../../../src/main/datasets/storage.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'saddle-views-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const own: FullView = { height: 6, width: 8, channels: 3, crop: 'centre', resize: null };
const SIZE = 6 * 8 * 3;

function imageOf(index: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: SIZE }, (_, at) => (at * 31 + index * 97 + seed * 13 + ((at * at) >> 2)) % 256);
}

/** `asked` counts how often an original was wanted. */
function createSource(count = 20, seed = 1): ImageSource & { asked: number; closed: boolean } {
  return {
    count,
    labels: Uint8Array.from({ length: count }, (_, index) => index % 3),
    own,
    originalSize: { height: 6, width: 8 },
    identity: () => Promise.resolve(`images ${seed}`),
    asked: 0,
    closed: false,
    original(index) {
      this.asked++;
      return Promise.resolve({ height: 6, width: 8, channels: 3, data: imageOf(index, seed) });
    },
    read: (indices) => Uint8Array.from(Array.from(indices, (index) => [...imageOf(index, seed)]).flat()),
    close() {
      this.closed = true;
    },
  };
}

const grey: ImageView = { height: 4, width: 4, channels: 1 };
const viewFiles = () => readdirSync(viewsFolder(home, 'test')).filter((name) => name.endsWith('.pixels'));

describe('opening images at a view', () => {
  it('takes them as they are when the view changes nothing, and makes no file', async () => {
    for (const view of [{}, { height: 6, width: 8 }, { channels: 3, crop: 'stretch' }, { crop: 'face-128' }] as const) {
      const data = await openView(home, 'test', createSource(), view);
      expect([data.height, data.width, data.channels]).toEqual([6, 8, 3]);
      expect(data.read([7, 2])).toEqual(Uint8Array.of(...imageOf(7, 1), ...imageOf(2, 1)));
    }
    expect(existsSync(viewsFolder(home, 'test'))).toBe(false);
  });

  it('makes each image once, reads any of them in any order, and finds the file again', async () => {
    const source = createSource();
    const data = await openView(home, 'test', source, grey);
    expect([data.count, data.height, data.width, data.channels]).toEqual([20, 4, 4, 1]);
    expect([...data.labels.subarray(0, 4)]).toEqual([0, 1, 2, 0]);
    const full: FullView = { height: 4, width: 4, channels: 1, crop: 'centre', resize: null };
    const expected = (index: number) => render({ height: 6, width: 8, channels: 3, data: imageOf(index, 1) }, full);
    expect(data.read([19, 0, 1, 2, 0])).toEqual(
      Uint8Array.of(...expected(19), ...expected(0), ...expected(1), ...expected(2), ...expected(0)),
    );
    expect(() => data.read([20])).toThrow(RangeError);
    expect([source.asked, source.closed]).toEqual([20, true]);

    const again = createSource();
    const second = await openView(home, 'test', again, grey);
    expect(again.asked).toBe(0);
    expect(second.read([5])).toEqual(expected(5));
    data.close();
    second.close();
  });

  it('keeps views of one set beside each other, and drops those of images that are no longer there', async () => {
    for (const view of [grey, { ...grey, channels: 3 }, { ...grey, resize: 'nearest' }] as const)
      (await openView(home, 'test', createSource(), view)).close();
    expect(viewFiles()).toHaveLength(3);
    const data = await openView(home, 'test', createSource(20, 2), grey);
    expect(viewFiles()).toHaveLength(1);
    data.close();
  });

  it('leaves nothing behind when it is stopped, and says how far it is', async () => {
    const stop = new AbortController();
    const told: number[] = [];
    const watch = {
      signal: stop.signal,
      progress: (done: number, total: number) => {
        told.push(done, total);
        if (done >= 16) stop.abort(new Error('enough'));
      },
    };
    await expect(openView(home, 'test', createSource(100), grey, watch)).rejects.toThrow('enough');
    expect(told).toEqual([8, 100, 16, 100]);
    expect(readdirSync(viewsFolder(home, 'test'))).toEqual([]);
  });

  it('does not take over what a process that died had begun', async () => {
    (await openView(home, 'test', createSource(), grey)).close();
    const [name] = viewFiles();
    const path = join(viewsFolder(home, 'test'), name!);
    rmSync(path);
    writeFileSync(`${path}.new`, 'half');
    writeFileSync(`${path}.lock`, '1 on nowhere\nx\n');
    utimesSync(`${path}.lock`, 0, 0);
    const data = await openView(home, 'test', createSource(), grey);
    expect(statSync(path).size).toBe(20 * 16);
    expect(readdirSync(viewsFolder(home, 'test'))).toEqual([name]);
    data.close();
  });

  it('shows the first images without making the others', async () => {
    const source = createSource(1000);
    const glance = await glanceAt(home, 'test', source, 3, grey);
    expect([glance.count, glance.height, glance.pixels.length, source.asked]).toEqual([3, 4, 48, 3]);
    expect(existsSync(viewsFolder(home, 'test'))).toBe(false);
    const data = await openView(home, 'test', createSource(1000), grey);
    expect(glance.pixels).toEqual(data.read([0, 1, 2]));
    data.close();
    const few = await glanceAt(home, 'test', createSource(2), 96);
    expect([few.count, few.pixels.length]).toEqual([2, 2 * SIZE]);
  });
});

describe('two processes that want the same view', () => {
  it('make it once and read the same', { timeout: 60_000 }, async () => {
    const script = new URL('view-process.ts', import.meta.url).pathname;
    const start = () => spawn(process.execPath, [script, home], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = await Promise.all(
      [start(), start(), start()].map(async (child) => {
        const pieces: Buffer[] = [];
        child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
        await once(child, 'close');
        return JSON.parse(Buffer.concat(pieces).toString()) as { made: number; hash: string };
      }),
    );
    expect(said.map(({ made }) => made).sort()).toEqual([0, 0, 3000]);
    expect(new Set(said.map(({ hash }) => hash)).size).toBe(1);
    expect(readdirSync(viewsFolder(home, 'shared'))).toHaveLength(1);
  });
});

describe('space on the disk', () => {
  it('is told apart and given back', async () => {
    (await openView(home, 'test', createSource(), grey)).close();
    mkdirSync(join(home, 'test'));
    writeFileSync(join(home, 'test', 'pixels'), new Uint8Array(1000));
    expect(useOf(home, 'test')).toEqual({ bytes: 1000, viewBytes: 320 });
    await removeViews(home, 'test');
    expect(useOf(home, 'test')).toEqual({ bytes: 1000, viewBytes: 0 });
    await removeData(home, 'test');
    expect(useOf(home, 'test')).toEqual({ bytes: 0, viewBytes: 0 });
    expect(existsSync(join(home, 'test'))).toBe(false);
  });
});

describe('a file of pixels', () => {
  it('reads large files by offset as it reads small ones from memory', () => {
    const path = join(home, 'pixels');
    // Above 64 MiB with holes: the file is not kept in memory, and the disk holds almost nothing.
    const [count, size, offset] = [70_000, 1024, 16];
    writeFileSync(path, new Uint8Array(offset));
    const image = (index: number) => Uint8Array.from({ length: size }, (_, at) => (at + index) % 251);
    for (const index of [0, 1, 2, count - 1]) writeAt(path, offset + index * size, image(index));
    const file = openPixelFile(path, { offset, count, size });
    expect(file.read([count - 1, 0, 1, 2, 1])).toEqual(
      Uint8Array.of(...image(count - 1), ...image(0), ...image(1), ...image(2), ...image(1)),
    );
    expect(() => file.read([0, count])).toThrow(new RangeError(`image ${count} of ${count}`));
    expect(() => file.read([-1])).toThrow(RangeError);
    file.close();
  });

  it('is refused when it is shorter than its images', () => {
    const path = join(home, 'pixels');
    writeFileSync(path, new Uint8Array(99));
    expect(() => openPixelFile(path, { offset: 0, count: 10, size: 10 })).toThrow(
      'pixels: expected 100 bytes for 10 images, found 99: the file is cut short.',
    );
  });
});

function writeAt(path: string, position: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, position);
  closeSync(file);
}
