// Grids of samples and of real images. The thread that trains only draws them; they are encoded and compressed on
// another, and written in order.

import { createHash } from 'node:crypto';
import type { Step } from '../../shared/run.ts';
import type { RunWriter } from '../store/store.ts';
import { createBackground } from './background.ts';
import type { Batch } from './batches.ts';
import { encodeGrid, pixelsFromFloats } from './grid.ts';
import type { Patience } from './patience.ts';
import { GRID_COLUMNS, GRID_ROWS, type Prepared } from './prepare.ts';

export interface Recorder {
  /** Waits for the device, not for the encoder, unless that is far behind. */
  samples(step: Step): Promise<void>;
  realImages(step: Step, batch: Batch): Promise<void>;
  /** Every grid drawn so far is in the run. */
  settled(): Promise<void>;
}

/** Grids that may wait for the encoder. */
const QUEUE = 4;

export function createRecorder(prepared: Prepared, writer: RunWriter, patience: Patience): Recorder {
  const background = createBackground(QUEUE);

  const recordGrid = (tag: string, step: Step, cells: Uint8Array, id: string): Promise<void> => {
    const { height, width, channels } = prepared.data;
    const columns = GRID_COLUMNS;
    const count = cells.length / (height * width * channels);
    const rows = Math.min(GRID_ROWS, Math.ceil(count / columns));
    const shape = { rows, columns, cellWidth: width, cellHeight: height, channels };
    return background.add(async (before) => {
      const png = await encodeGrid(cells, shape);
      await before;
      await patience.persist(() => writer.image({ tag, step, ...shape, latents: id, png }));
    });
  };

  return {
    samples: async (step) =>
      recordGrid('samples/fixed', step, await sampleFixed(prepared), latentsId(prepared.fixedLatents)),
    realImages: (step, batch) => recordGrid('data/real', step, batch.pixels, ''),
    settled: () => background.settled(),
  };
}

/** Pixels of the images of the fixed latents, one after the other. */
export async function sampleFixed({ tf, model, fixedLatents, range }: Prepared): Promise<Uint8Array> {
  const count = GRID_ROWS * GRID_COLUMNS;
  const latents = tf.tensor2d(fixedLatents.slice(), [count, fixedLatents.length / count]);
  const images = model.sample(latents);
  try {
    return pixelsFromFloats((await images.data()) as Float32Array, range);
  } finally {
    tf.dispose([latents, images]);
  }
}

/** Equal latents have equal names, in other runs too. */
function latentsId(latents: Float32Array): string {
  const bytes = new Uint8Array(latents.buffer, latents.byteOffset, latents.byteLength);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
