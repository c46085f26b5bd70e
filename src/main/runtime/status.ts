// What Settings > Runtime and `saddle runtime` show: which backend trains here, and why each better one does not.

import { BACKEND_IDS, type BackendId } from '../../shared/run.ts';
import type { BackendStatus, CudaStatus, Probe, RuntimeStatus } from '../../shared/training.ts';
import { UserError } from '../../shared/contract.ts';
import { knownCards } from './cards.ts';
import { CUDA_DOWNLOAD_BYTES } from './cuda-release.ts';
import { readGpuSettings } from './gpu-settings.ts';
import { findCudaRuntime, findRuntime } from './pack.ts';
import { preferredBackends, type ProbeResult, type Probes } from './probes.ts';
import { isBuiltHere } from './releases.ts';
import { whyNotInstallable } from './why-not.ts';

/** Tries one backend in a process of its own and reports it; rejects with the reason when it does not work. */
export type RunProbe = (backend: BackendId) => Promise<Probe>;

/** Short, for sentences. */
const NAMES: Readonly<Record<BackendId, string>> = {
  tensorflow: 'TensorFlow',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'Plain JavaScript',
};

const INSTALL = 'npm run runtime';
/** Tries a backend that is there and does not work once more. */
const REPAIRS: Readonly<Record<BackendId, string | null>> = {
  tensorflow: INSTALL,
  // A driver, which its reason names.
  webgpu: null,
  wasm: 'npm ci',
  cpu: 'npm ci',
};

/**
 * One after the other, so that none disturbs another's time: some seconds in all. Those that `known` found right are not
 * tried again; what went wrong may have been put right since. Never rejects.
 */
export async function probeBackends(
  runProbe: RunProbe,
  known: readonly ProbeResult[] = [],
): Promise<readonly ProbeResult[]> {
  const results: ProbeResult[] = [];
  for (const id of BACKEND_IDS.filter(isThere)) {
    const right = known.find((result) => result.id === id && 'probe' in result);
    results.push(right ?? (await tryBackend(id, runProbe)));
  }
  return results;
}

function isThere(id: BackendId): boolean {
  return id !== 'tensorflow' || findRuntime() !== null;
}

async function tryBackend(id: BackendId, runProbe: RunProbe): Promise<ProbeResult> {
  try {
    return { id, probe: await runProbe(id) };
  } catch (problem) {
    return { id, problem: problem instanceof Error ? problem.message : String(problem) };
  }
}

/** Throws UserError when no backend works. */
export function describeRuntime(probes: Probes): RuntimeStatus {
  const obstacle = whyNotInstallable();
  const found = BACKEND_IDS.map((id) => describeBackend(id, probes, obstacle));
  const best = bestOf(probes);
  if (best === null) throw new UserError(found.map(({ label, reason }) => `${label}: ${reason}`).join('\n'));
  const { backend, version, device, threads, isGpu } = best;
  return {
    ...{ backend, version, device, threads, isGpu },
    probedMs: probes.probedMs,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    backends: found.map((status) => compareWithBest(status, best)),
    installable: obstacle === null && !isWorking(probes, 'tensorflow'),
    cuda: describeCuda(obstacle),
  };
}

function describeCuda(noTensorFlow: string | null): CudaStatus {
  const isMade = isBuiltHere();
  const { list, obstacle } = isMade ? knownCards() : { list: [], obstacle: null };
  const reason = isMade
    ? obstacle
    : 'TensorFlow for NVIDIA cards is made for Linux x64 only: elsewhere cards train over WebGPU.';
  const isInstalled = findCudaRuntime() !== null;
  return {
    cards: list.map(({ index, name, memoryMb }) => ({ index, name, memoryMb })),
    obstacle: reason,
    isInstalled,
    installable: !isInstalled && reason === null && noTensorFlow === null,
    downloadBytes: CUDA_DOWNLOAD_BYTES,
    settings: readGpuSettings(),
  };
}

function bestOf(probes: Probes): Probe | null {
  const [first] = preferredBackends(probes);
  const found = probes.results.find((result) => result.id === first);
  return found && 'probe' in found ? found.probe : null;
}

function isWorking({ results }: Probes, id: BackendId): boolean {
  return results.some((result) => result.id === id && 'probe' in result);
}

function describeBackend(id: BackendId, { results }: Probes, obstacle: string | null): BackendStatus {
  const result = results.find((candidate) => candidate.id === id);
  const nothing = { id, version: null, device: null, threads: null, isGpu: false, largestError: null, ms: null };
  if (result === undefined) {
    const reason = obstacle ?? 'It is not installed yet; it trains about ten times faster than WebAssembly.';
    const remedy = obstacle === null ? INSTALL : null;
    return { ...nothing, label: NAMES[id], state: 'missing', reason, remedy };
  }
  if ('problem' in result) {
    return { ...nothing, label: NAMES[id], state: 'broken', reason: result.problem, remedy: REPAIRS[id] };
  }
  const { version, device, threads, isGpu, largestError, ms } = result.probe;
  const facts = { version, device, threads, isGpu, largestError, ms };
  return { id, label: labelOf(result.probe), ...facts, state: 'available', reason: '', remedy: null };
}

function labelOf({ backend, isGpu }: Probe): string {
  return `${NAMES[backend]} (${isGpu ? 'on the graphics card' : 'on the processor'})`;
}

function compareWithBest(status: BackendStatus, best: Probe): BackendStatus {
  if (status.id === best.backend) return { ...status, state: 'in use' };
  if (status.state !== 'available' || status.ms === null) return status;
  const times = status.ms / best.ms;
  const reason =
    `It works, but ${NAMES[best.backend]} is ${times < 10 ? times.toFixed(1) : Math.round(times)} times as fast ` +
    `(${milliseconds(best.ms)} against ${milliseconds(status.ms)} for the probe's network).`;
  return { ...status, reason };
}

function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
