// What runs were measured to cost on this machine, kept in the cache by settings and backend. An index and nothing more:
// a file that is missing or damaged is made anew, and what was measured on another machine is not read.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunSpec } from '../../shared/run.ts';
import type { Estimate } from '../../shared/training.ts';
import { cacheFolder } from '../home.ts';

const MOST_KEPT = 300;

interface Kept {
  /** Of the machine, as machineKey has it, and of the settings. */
  readonly key: string;
  readonly estimate: Estimate;
}

/** Newest first, at most one a backend; `totalMs` is for the steps of `spec`. */
export function readEstimates(machine: string, spec: RunSpec): readonly Estimate[] {
  const key = keyOf(machine, spec);
  return readAll()
    .filter((kept) => kept.key === key)
    .map(({ estimate }) => ({ ...estimate, totalMs: estimate.startMs + estimate.stepMs * spec.steps }));
}

export function saveEstimate(machine: string, spec: RunSpec, estimate: Estimate): void {
  const key = keyOf(machine, spec);
  const others = readAll().filter((kept) => kept.key !== key || kept.estimate.backend !== estimate.backend);
  const file = estimatesFile();
  const aside = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(aside, JSON.stringify([{ key, estimate }, ...others].slice(0, MOST_KEPT)));
    renameSync(aside, file);
  } catch {
    // A full or read-only cache costs a new measurement next time.
    rmSync(aside, { force: true });
  }
}

/** Neither name, seed nor number of steps changes what a step costs. */
function keyOf(machine: string, { recipe, parameters, data }: RunSpec): string {
  const sorted = Object.entries(parameters).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([machine, recipe, data, sorted]))
    .digest('hex');
}

function readAll(): readonly Kept[] {
  try {
    const all: unknown = JSON.parse(readFileSync(estimatesFile(), 'utf8'));
    return Array.isArray(all) ? (all as Kept[]).filter((kept) => typeof kept?.estimate?.stepMs === 'number') : [];
  } catch {
    return [];
  }
}

function estimatesFile(): string {
  return join(cacheFolder(), 'estimates.json');
}
