// One step of a run: the batch goes in, what the model reports comes out. Where the backend can take a step again without
// JavaScript, most steps are taken so.

import { createReplayedSteps } from './backends/replayed-steps.ts';
import type { Batch } from './batches.ts';
import { disposeBatch, stepBatch, type Prepared } from './prepare.ts';
import { readingOf, readReport, type Reading } from './reading.ts';

export interface Steps {
  /**
   * Takes one step and waits for it. The batch's arrays are not written to afterwards. Throws what the backend throws, out of
   * memory say.
   */
  take(batch: Batch, withHistograms: boolean): Promise<Reading>;
}

export function createSteps(prepared: Prepared): Steps {
  const { tf, model } = prepared;
  const variables = [...model.variables, ...model.slots].map(({ variable }) => variable);
  const replayed = createReplayedSteps(tf, variables);
  const tags = new Map<string, readonly string[]>();
  /** The step's batch, for feeds of earlier steps too; the labels stay one array, parts of which a model may hold. */
  const latest: { batch: Batch | null; labels: Uint8Array } = { batch: null, labels: new Uint8Array(0) };

  function put(batch: Batch): void {
    latest.batch = batch;
    if (latest.labels.length === batch.labels.length) latest.labels.set(batch.labels);
    else latest.labels = batch.labels.slice();
  }

  return {
    async take(batch, withHistograms) {
      put(batch);
      // Histograms are read besides, in steps that are few.
      const form = withHistograms ? null : (model.form?.() ?? null);
      const taken = await replayed.take(form, () => {
        const tensors = stepBatch(prepared, () => ({ ...latest.batch!, labels: latest.labels }));
        const report = model.step(tensors);
        disposeBatch(prepared, tensors);
        return readReport(prepared, report, withHistograms);
      });
      latest.batch = null;
      if ('numbers' in taken) return readingOf(tags.get(form!)!, taken.numbers);
      if (form !== null) tags.set(form, [...taken.result.values.keys()]);
      return taken.result;
    },
  };
}
