// What the loop writes down besides scalars: grids of samples and of real images, and checkpoints.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Step } from '../../shared/run.ts';
import type { RunWriter } from '../store/store.ts';
import type { Batch } from './batches.ts';
import { writeCheckpoint, type StoredTensor } from './checkpoint.ts';
import { encodeGrid, pixelsFromFloats } from './grid.ts';
import { GRID_COLUMNS, GRID_ROWS, type Prepared } from './prepare.ts';

export interface Recorder {
  samples(step: Step): Promise<void>;
  realImages(batch: Batch): void;
  /** Does nothing when this step has one already. */
  checkpoint(step: Step, reason: string): Promise<void>;
  /** File of the newest checkpoint, relative to the run's folder; null before the first. */
  lastCheckpoint(): string | null;
}

export function createRecorder(prepared: Prepared, writer: RunWriter, folder: string): Recorder {
  const latents = latentsId(prepared.fixedLatents);
  let last: { step: Step; file: string } | null = null;

  const recordGrid = (tag: string, step: Step, cells: Uint8Array, id: string) => {
    const { height, width, channels } = prepared.data;
    const columns = GRID_COLUMNS;
    const count = cells.length / (height * width * channels);
    const rows = Math.min(GRID_ROWS, Math.ceil(count / columns));
    const shape = { rows, columns, cellWidth: width, cellHeight: height, channels };
    writer.image({ tag, step, ...shape, latents: id, png: encodeGrid(cells, shape) });
  };

  return {
    async samples(step) {
      recordGrid('samples/fixed', step, await sampleFixed(prepared), latents);
    },
    realImages(batch) {
      recordGrid('data/real', 0, batch.pixels, '');
    },
    async checkpoint(step, reason) {
      if (last?.step === step) return;
      const file = `checkpoints/step-${String(step).padStart(8, '0')}.safetensors`;
      const written = await writeCheckpoint(join(folder, file), {
        weights: await readWeights(prepared),
        others: [],
        metadata: metadataOf(prepared, step),
      });
      // The row goes in after the file is there for good.
      writer.checkpoint({ step, file, ...written, wallMs: Date.now(), reason });
      last = { step, file };
    },
    lastCheckpoint: () => last?.file ?? null,
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

async function readWeights({ model }: Prepared): Promise<StoredTensor[]> {
  const tensors: StoredTensor[] = [];
  for (const { name, variable } of model.variables) {
    tensors.push({ name, shape: variable.shape, values: (await variable.data()) as Float32Array });
  }
  return tensors;
}

function metadataOf({ spec }: Prepared, step: Step): Record<string, string> {
  return {
    format: 'saddle',
    recipe: spec.recipe,
    preset: spec.preset,
    data: spec.data,
    parameters: JSON.stringify(spec.parameters),
    seed: String(spec.seed),
    step: String(step),
  };
}
