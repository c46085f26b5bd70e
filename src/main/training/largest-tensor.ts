// A graphics device holds no single tensor above a limit of its own, however much memory is free. Seen before training
// begins from the layers' shapes alone; what no layer tells (two batches joined) the backend refuses when it comes.

import { UserError } from '../../shared/contract.ts';
import type { NetworkSummary } from '../../shared/run.ts';
import type { OpenedBackend } from './backends/backend.ts';

const BYTES_A_NUMBER = 4;

/** Throws UserError: which layer, how large, how much the device holds, what fits. `batch` images go through a layer at once. */
export function refuseTooLarge(
  { device, largestTensorBytes: most }: Pick<OpenedBackend, 'device' | 'largestTensorBytes'>,
  networks: readonly NetworkSummary[],
  batch: number,
): void {
  if (most === undefined) return;
  for (const { name: network, layers } of networks) {
    for (const { name, output, parameters } of layers) {
      const image = output.reduce((product, size) => product * size, BYTES_A_NUMBER);
      const layer = `Layer ${name} of the ${network}`;
      if (batch * image > most) {
        const fits = Math.floor(most / image);
        const shape = [batch, ...output].join(' x ');
        const advice = fits > 0 ? `A batch of ${fits} fits.` : 'Choose smaller images or fewer filters.';
        throw new UserError(
          `${layer} makes a tensor of ${shape} numbers, ${megabytes(batch * image)}; ${device} holds at most ` +
            `${megabytes(most)} in one. ${advice}`,
        );
      }
      if (parameters * BYTES_A_NUMBER > most) {
        throw new UserError(
          `${layer} has ${megabytes(parameters * BYTES_A_NUMBER)} of weights; ${device} holds at most ` +
            `${megabytes(most)} in one tensor. Choose fewer filters or units.`,
        );
      }
    }
  }
}

export function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 2 : 0)} MB`;
}
