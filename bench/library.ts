// A synthetic library of any size, for measuring the window: real run folders, written by the store itself.
// `npm run bench:library -- --out DIR --runs 50 --tags 10 --points 100000 --grids 0 --side 1024`

import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { openLibrary } from '../src/main/library/library.ts';
import { openRunWriter } from '../src/main/store/writer.ts';
import { createRandom } from '../src/main/training/random.ts';
import type { RunMachine } from '../src/shared/run.ts';

export interface LibrarySize {
  readonly runs: number;
  readonly tags: number;
  /** Of each tag, one a step. */
  readonly points: number;
  /** Of `samples/fixed`, evenly over the steps. */
  readonly grids: number;
  /** Pixels of a grid's side, a multiple of 64. */
  readonly side: number;
}

const TAGS =
  'loss/d loss/g loss/d_real loss/d_fake prob/d_real prob/d_fake acc/d_real acc/d_fake grad/d_norm grad/g_norm';
/** Different pictures; more would only take longer to make, as the window knows them by their step. */
const PICTURES = 16;
const machine = {
  ...{ backend: 'cpu', backendVersion: '0', device: 'none', threads: 1 },
  ...{ host: 'bench', platform: 'bench', node: process.version, saddle: '0' },
} satisfies RunMachine;

export async function fillLibrary(folder: string, size: LibrarySize): Promise<void> {
  const library = openLibrary(folder);
  const pictures = size.grids > 0 ? await makePictures(size.side) : [];
  for (let run = 0; run < size.runs; run++) {
    const parameters = { batchSize: 64, generatorLearningRate: (1 + (run % 5)) / 5000, latentSize: 100 };
    const spec = { recipe: 'dcgan28', preset: 'app', parameters, data: 'glyphs', steps: size.points } as const;
    const created = library.create({
      name: `run ${run}`,
      spec: { ...spec, seed: run, backend: 'cpu' },
      networks: [],
      referenceLines: [],
    });
    writeRun(created.folder, run, size, pictures);
  }
  library.close();
}

function writeRun(folder: string, run: number, size: LibrarySize, pictures: readonly Uint8Array[]): void {
  const random = createRandom(run);
  const tags = TAGS.split(' ').slice(0, size.tags);
  const between = Math.max(1, Math.floor(size.points / Math.max(1, size.grids)));
  const writer = openRunWriter(folder);
  writer.start(machine);
  for (let step = 1; step <= size.points; step++) {
    for (const [at, tag] of tags.entries())
      writer.scalar(tag, step, 1 + at / 10 + Math.exp(-step / 9000) + 0.1 * random.next());
    if (step % between === 0 && step / between <= size.grids) {
      const png = pictures[(step / between) % PICTURES]!;
      const grid = { tag: 'samples/fixed', step, rows: 8, columns: 8, channels: 1, latents: 'bench' } as const;
      writer.image({ ...grid, cellWidth: size.side / 8, cellHeight: size.side / 8, png });
    }
    if (step % 250 === 0) writer.progress(step, 10, true);
  }
  writer.phase('finished', size.points);
  writer.close();
}

/** Smooth noise, as samples are: neither as small as one colour nor as large as white noise. */
async function makePictures(side: number): Promise<Uint8Array[]> {
  const random = createRandom(1);
  return Promise.all(
    Array.from({ length: PICTURES }, async () => {
      const coarse = Uint8Array.from({ length: (side / 8) ** 2 }, () => random.below(256));
      const raw = { width: side / 8, height: side / 8, channels: 1 } as const;
      return sharp(coarse, { raw })
        .resize(side, side, { kernel: 'cubic' })
        .toColourspace('b-w')
        .png({ compressionLevel: 1 })
        .toBuffer();
    }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const number = (fallback: string) => ({ type: 'string', default: fallback }) as const;
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      ...{ runs: number('50'), tags: number('10'), points: number('100000') },
      ...{ grids: number('0'), side: number('1024') },
    },
  });
  if (!values.out) {
    console.error('--out DIR: expected a folder to fill');
    process.exit(2);
  }
  const { runs, tags, points, grids, side } = values;
  const size = { runs, tags, points, grids, side };
  const numbers = Object.fromEntries(Object.entries(size).map(([key, value]) => [key, Number(value)]));
  await fillLibrary(values.out, numbers as unknown as LibrarySize);
  console.log(`${runs} runs, ${tags} x ${points} points, ${grids} grids of ${side} x ${side} each, in ${values.out}`);
}
