// `saddle data` with folders of the user's own, as a shell sees it: real processes, real images.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeHome, type Home } from './saddle.ts';

let home: Home;
let pictures: string;
beforeAll(async () => {
  home = makeHome();
  pictures = join(home.folder, 'pictures');
  mkdirSync(pictures);
  for (const level of [10, 20, 30]) {
    const image = sharp({ create: { width: 20, height: 16, channels: 3, background: { r: level, g: 0, b: 0 } } });
    writeFileSync(join(pictures, `${level}.png`), await image.png().toBuffer());
  }
  writeFileSync(join(pictures, 'broken.gif'), 'GIF89a');
});
afterAll(() => home.remove());

it('imports a folder once its unreadable file is left out by choice, lists it, and removes it', async () => {
  const wish = ['data', 'import', 'folder', pictures, '--name', 'Red', '--size', '8', '--flip'];
  const refused = await home.saddle(...wish);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/1 of 4 files cannot be read:\n {2}broken\.gif: .*\n.*--skip-unreadable/);

  const { stdout, code } = await home.saddle(...wish, '--skip-unreadable', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ id: 'folder-red', images: 6, unreadable: [{ path: 'broken.gif' }] });
  const rows = JSON.parse((await home.saddle('data', 'list', '--json')).stdout) as { id: string }[];
  expect(rows.find(({ id }) => id === 'folder-red')).toMatchObject({ ready: true, here: 6, height: 8, viewBytes: 0 });

  const removed = await home.saddle('data', 'remove', 'folder-red', '--json');
  expect((JSON.parse(removed.stdout) as { bytes: number }).bytes).toBeGreaterThan(3 * 8 * 8 * 3);
  expect((await home.saddle('data', 'remove', 'folder-red')).code).not.toBe(0);
});

it('refuses the options of own folders for other data sets, and sizes and colours that are none', async () => {
  for (const [options, message] of [
    [['mnist', pictures, '--size', '8'], /--size is for `saddle data import folder PATH`, not for mnist/],
    [['folder', pictures, '--size', '2'], /--size: expected a whole number from 4 to 1024/],
    [['folder', pictures, '--background', 'red'], /--background: expected a colour such as #ffffff, found red/],
    [['folder', pictures, '--crop', 'left'], /--crop <kind>.*centre-108/],
  ] as const) {
    const { code, stderr } = await home.saddle('data', 'import', ...options);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  }
});
