// What the probes of the backends found on this machine, kept in the cache so that a training process knows the fastest
// without trying them all. An index and nothing more: a file that is missing or damaged is not read and made anew.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BACKEND_IDS, type BackendId } from '../../shared/run.ts';
import type { Probe } from '../../shared/training.ts';
import { cacheFolder } from '../home.ts';

/** What went wrong may have been put right since, by a driver that no file tells of. */
const PROBLEMS_LAST_MS = 24 * 3600_000;
/** Machines and manners (threads, chosen devices) of which the file tells. */
const MOST_KEYS = 8;

/** A backend that is not there at all has no result. */
export type ProbeResult =
  { readonly id: BackendId; readonly probe: Probe } | { readonly id: BackendId; readonly problem: string };

export interface Probes {
  /** Of the machine, as machineKey has it. */
  readonly key: string;
  readonly probedMs: number;
  readonly results: readonly ProbeResult[];
}

/** Null when nothing is known of the machine as it is now. */
export function readProbes(key: string): Probes | null {
  return readAll().find((probes) => probes.key === key && !isOver(probes)) ?? null;
}

export function saveProbes(probes: Probes): void {
  const file = probesFile();
  const aside = `${file}.${process.pid}`;
  const others = readAll().filter(({ key }) => key !== probes.key);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(aside, `${JSON.stringify([probes, ...others].slice(0, MOST_KEYS), null, 2)}\n`);
    renameSync(aside, file);
  } catch {
    // A full or read-only cache costs a new probe next time.
    rmSync(aside, { force: true });
  }
}

function readAll(): readonly Probes[] {
  try {
    const all: unknown = JSON.parse(readFileSync(probesFile(), 'utf8'));
    return Array.isArray(all) ? (all as Probes[]).filter((probes) => Array.isArray(probes?.results)) : [];
  } catch {
    return [];
  }
}

function isOver({ probedMs, results }: Probes): boolean {
  return results.some((result) => 'problem' in result) && Date.now() - probedMs > PROBLEMS_LAST_MS;
}

/** They load a driver of the system, which may crash, or compute on the processor. */
const NEED_PROBE: readonly BackendId[] = ['webgpu'];

/**
 * The backends that `auto` may take, the best first: those that the probe found right, the fastest first. Where nothing
 * was probed, the list without those that need it.
 */
export function preferredBackends(probes: Probes | null): readonly BackendId[] {
  const right = probes?.results.flatMap((result) => ('probe' in result ? [result.probe] : [])) ?? [];
  if (right.length === 0) return BACKEND_IDS.filter((id) => !NEED_PROBE.includes(id));
  // On the processor the list's order holds: the probe's network is small, and a busy moment must not turn it over.
  let slowest = 0;
  const inOrder = right.toSorted((one, other) => BACKEND_IDS.indexOf(one.backend) - BACKEND_IDS.indexOf(other.backend));
  const ranked = inOrder.map(({ backend, isGpu, ms }) => {
    if (!isGpu) slowest = Math.max(slowest, ms);
    return { backend, ms: isGpu ? ms : slowest };
  });
  return ranked.toSorted((one, other) => one.ms - other.ms).map(({ backend }) => backend);
}

function probesFile(): string {
  return join(cacheFolder(), 'probes.json');
}
