// CelebA: aligned faces as JPEG files of 178 x 218 pixels, from a folder that the user has. Its site gives them only to a
// person with a browser. Which part of an image a network sees is for the recipe's view to say: the two crops that
// the DCGAN and BEGAN references use are `centre-108` and `face-128`.

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import type { DataHome, ImportWatch } from './dataset.ts';
import { listFolder } from './image-files.ts';
import { imageSet } from './image-set.ts';
import { viewsFolder } from './image-source.ts';
import { installFolder, writeSynced } from './install.ts';
import { openPack, readDescription, writePack } from './pack.ts';

const SIZE = { height: 218, width: 178 };

export const celeba = imageSet({
  id: 'celeba',
  title: 'CelebA',
  about: '202,599 faces of famous people, in colour, eyes always in the same place, 178 x 218 pixels.',
  licence: 'For non-commercial research; the images belong to their owners',
  source: 'Z. Liu, P. Luo, X. Wang, X. Tang: Deep Learning Face Attributes in the Wild, 2015',
  ...SIZE,
  channels: 3,
  count: 202_599,
  classes: [],
  downloadBytes: 0,
  generated: false,
  byHand:
    'Download img_align_celeba.zip from mmlab.ie.cuhk.edu.hk/projects/CelebA.html, unpack it, and import its folder.',
  isReady: (home) => readDescription(folderIn(home)) !== null,
  countIn: (home) => readDescription(folderIn(home))?.count ?? 0,
  fetch: () =>
    Promise.reject(
      new UserError(
        'CelebA cannot be downloaded by a program. Download img_align_celeba.zip from mmlab.ie.cuhk.edu.hk/projects/CelebA.html, unpack it, and import its folder: saddle data import celeba FOLDER',
      ),
    ),
  import: importCelebA,
  async openSource(home) {
    const description = readDescription(folderIn(home));
    if (description) return openPack(folderIn(home), description, SIZE);
    throw new UserError(
      `CelebA: expected its images in ${folderIn(home)}, found nothing. Import them on the Data page or with: saddle data import celeba FOLDER`,
    );
  },
});

function folderIn(home: DataHome): string {
  return join(home, 'celeba');
}

/** Any number of the images will do. `folder` holds them or the folder `img_align_celeba`. */
async function importCelebA(home: DataHome, folder: string, watch: ImportWatch = {}): Promise<number> {
  const inside = join(folder, 'img_align_celeba');
  const files = await listFolder(existsSync(inside) ? inside : folder);
  const count = await installFolder(folderIn(home), async (fresh) => {
    const { unreadableFiles: _, ...description } = await writePack(
      fresh,
      files,
      {
        background: '#ffffff',
        own: { ...SIZE, channels: 3, crop: 'centre', resize: null },
        keepsOwn: false,
        check({ height, width }) {
          if (height !== SIZE.height || width !== SIZE.width)
            throw new UserError(`expected ${SIZE.width} x ${SIZE.height} pixels, found ${width} x ${height}`);
        },
      },
      watch,
    );
    if (description.count === 0) throw new UserError(`${folder}: expected the images of CelebA, found none.`);
    await writeSynced(join(fresh, 'set.json'), Buffer.from(JSON.stringify(description)));
    return description.count;
  });
  await rm(viewsFolder(home, 'celeba'), { recursive: true, force: true });
  return count;
}
