// Words for a training that ran out of memory: what was asked for, what is free. Every library says it in its own way.

import { freeMemory } from './free-memory.ts';
import type { Prepared } from './prepare.ts';

/** TensorFlow (also by the code of its status), oneDNN beneath it, V8, WebAssembly. */
const SIGNS = [
  /OOM when allocating/,
  /ResourceExhausted|RESOURCE_EXHAUSTED|Invalid TF_Status: 8\b/,
  /could not create a (primitive|memory)/,
  /std::bad_alloc|Cannot allocate memory|failed to allocate memory/i,
  /Array buffer allocation failed|Invalid typed array length/,
  /Aborted\(/,
  /graphics device is out of memory/,
];

/** Of TensorFlow's types. */
const WIDTHS: Readonly<Record<string, number>> = { float: 4, int32: 4, double: 8, int64: 8, bool: 1, uint8: 1 };

/** Null when the problem is another. `freeOnCard` asks the driver of a card, where it can be asked; bytes. */
export function describeShortage(
  problem: unknown,
  { tf, spec }: Pick<Prepared, 'tf' | 'spec'>,
  step: number,
  freeOnCard: () => number | null = () => null,
): string | null {
  const said = problem instanceof Error ? problem.message : String(problem);
  if (!SIGNS.some((sign) => sign.test(said))) return null;
  const held = gigabytes(tf.memory().numBytes);
  const free = ON_CARD.test(said) ? freeOnCard() : freeMemory();
  const batch = Number(spec.parameters['batchSize']);
  return (
    // Begins as OUT_OF_MEMORY says.
    `Out of memory at step ${step} with a batch of ${batch}: ${askedFor(said)}; ` +
    (free === null ? '' : `${gigabytes(free)} are free and `) +
    `${held} are taken by tensors. Choose a smaller batch or smaller networks.`
  );
}

/** TensorFlow names its allocator; a WebGPU driver does not say what is free. */
const ON_CARD = /by allocator GPU|graphics device is out of memory/;

function askedFor(said: string): string {
  const [, shape, type = 'float'] = /shape\s*\[([\d,]+)\] and type (\w+)/.exec(said) ?? [];
  if (shape !== undefined) {
    const sizes = shape.split(',').map(Number);
    const bytes = sizes.reduce((product, size) => product * size, WIDTHS[type] ?? 4);
    return `${gigabytes(bytes)} were asked for, for a tensor of ${sizes.join(' x ')}`;
  }
  const bytes = /allocate ([\d.]+)\s*([KMG]i?B)/i.exec(said);
  if (bytes) return `${bytes[1]} ${bytes[2]} were asked for`;
  if (/graphics device/.test(said)) return said.replace(/ Choose a smaller batch.*$/, '').replace(/\.$/, '');
  if (/Aborted\(/.test(said)) return 'more was asked for than the 4 GB that WebAssembly can hold';
  return 'more was asked for than could be had (the library does not say how much)';
}

export function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
