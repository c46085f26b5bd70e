// What the parts of bench/store share: a folder that goes with the process, new runs in it, clocks and the lines of a table.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRun } from '../../src/main/store/create.ts';
import type { NewRunRecord } from '../../src/main/store/store.ts';
import type { RunId } from '../../src/shared/run.ts';

// The eleven scalars of a DCGAN.
export const TAGS =
  'loss/d loss/d_real loss/d_fake loss/g prob/d_real prob/d_fake acc/d_real acc/d_fake grad/d_norm grad/g_norm time/step_ms'.split(
    ' ',
  );
export const ROUNDS = 5;

export const home = mkdtempSync(join(tmpdir(), 'saddle-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

export const record = (id: string): NewRunRecord => ({
  id: id as RunId,
  name: `bench ${id}`,
  spec: { recipe: 'dcgan28', preset: 'app', parameters: {}, data: 'glyphs', seed: 1, steps: 1, backend: 'auto' },
  referenceLines: [],
  networks: [],
  createdMs: Date.now(),
});

let made = 0;

/** A place that nothing has yet. */
export function newPath(ending = ''): string {
  return join(home, `place-${made++}${ending}`);
}

/** A new run in a folder of `parent`. */
export function newRun(parent = home): { readonly id: RunId; readonly folder: string } {
  const id = `20260101-000000-${String(made++).padStart(4, '0')}` as RunId;
  const folder = join(parent, id);
  createRun(folder, record(id));
  return { id, folder };
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1]!;
}

/** Milliseconds. */
export function timed(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

export function print(...cells: (string | number)[]): void {
  console.log(cells.map((cell, k) => (k === 0 ? String(cell).padEnd(44) : String(cell).padStart(18))).join(''));
}
