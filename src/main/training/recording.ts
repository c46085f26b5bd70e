// The pictures of a run, and what is measured when they are drawn. The thread that trains only draws them; they are
// encoded and compressed on another, and written in order.

import { createHash } from 'node:crypto';
import type { Step } from '../../shared/run.ts';
import type { RunReader, RunWriter } from '../store/store.ts';
import { createBackground } from './background.ts';
import type { Batch } from './batches.ts';
import { encodeGrid } from './grid.ts';
import type { Patience } from './patience.ts';
import { drawPicture, drawRandom, fixedReals, makesSamples, picturesOf, sheetOfReals, withInput } from './pictures.ts';
import type { Sheet } from './pictures.ts';
import { createGridStatistics, GRID_TAG } from './health/grid-statistics.ts';
import type { ImageSet } from './health/images.ts';
import type { Prepared } from './prepare.ts';

/** Numbers by tag. */
export type Measures = ReadonlyMap<string, number>;

export interface Recorder {
  /** Draws every picture and gives what was measured. Waits for the device, not for the encoder, unless that is far behind. */
  samples(step: Step): Promise<Measures>;
  /** Images of latents that no other step has shown. */
  randomSamples(step: Step): Promise<void>;
  realImages(step: Step, batch: Batch): Promise<void>;
  /** Takes up what the statistics of grids know of the run so far. */
  recall(reader: RunReader): void;
  /** Every grid drawn so far is in the run. */
  settled(): Promise<void>;
}

/** Grids that may wait for the encoder. */
const QUEUE = 4;

export function createRecorder(prepared: Prepared, writer: RunWriter, patience: Patience): Recorder {
  const background = createBackground(QUEUE);
  const reals = fixedReals(prepared);
  const statistics = createGridStatistics(prepared.data);

  const record = (step: Step, { tag, shape, cells, followsLatents }: Sheet): Promise<void> => {
    const latents = followsLatents ? latentsId(prepared.fixedLatents) : '';
    return background.add(async (before) => {
      const png = await encodeGrid(cells, shape);
      await before;
      await patience.persist(() => writer.image({ tag, step, ...shape, latents, png }));
    });
  };

  return {
    async samples(step) {
      const found = new Map(
        prepared.data.points ? statistics.measurePoints(...(await drawPoints(prepared, reals))) : [],
      );
      const measured = await drawSamples(prepared, reals, (sheet) => {
        if (sheet.tag === GRID_TAG) statistics.measure(imagesOf(sheet)).forEach((value, tag) => found.set(tag, value));
        return record(step, sheet);
      });
      return new Map([...measured, ...found]);
    },
    recall: (reader) => statistics.recall(reader),
    async randomSamples(step) {
      if (makesSamples(prepared)) await record(step, await drawRandom(prepared, step));
    },
    async realImages(step, batch) {
      if (!prepared.data.points) await record(step, sheetOfReals('data/real', prepared.data, batch.pixels));
    },
    settled: () => background.settled(),
  };
}

/** Draws what a sample step draws, picture after picture; `take` gets each before the next is drawn. */
export function drawSamples(
  prepared: Prepared,
  reals: Batch,
  take: (sheet: Sheet) => Promise<void>,
): Promise<Measures> {
  return withInput(prepared, reals, async (input) => {
    for (const picture of picturesOf(prepared)) await take(await drawPicture(prepared, picture, input));
    return new Map(Object.entries((await prepared.model.measure?.(input)) ?? {}));
  });
}

function imagesOf({ shape, cells }: Sheet): ImageSet {
  const { cellHeight: height, cellWidth: width, channels } = shape;
  return { count: cells.length / (height * width * channels), height, width, channels, values: cells };
}

/** As many made points as there are fixed latents, and the real ones. */
async function drawPoints(
  { tf, model, fixedLatents, fixedCount }: Prepared,
  reals: Batch,
): Promise<[ImageSet, ImageSet]> {
  const latents = tf.tensor2d(fixedLatents.slice(), [fixedCount, fixedLatents.length / fixedCount]);
  const made = model.sample(latents);
  const [count, height, width, channels] = made.shape;
  const values = (await made.data()) as Float32Array;
  tf.dispose([latents, made]);
  const size = height * width * channels;
  const points = { height, width, channels };
  return [
    { ...points, count, values },
    { ...points, count: reals.images.length / size, values: reals.images },
  ];
}

/** Equal latents have equal names, in other runs too. */
function latentsId(latents: Float32Array): string {
  const bytes = new Uint8Array(latents.buffer, latents.byteOffset, latents.byteLength);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
