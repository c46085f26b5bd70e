// What Settings > Runtime and `saddle runtime` show: which backend trains here, and why each better one does not.

import { BACKEND_IDS, type BackendId } from '../../shared/run.ts';
import type { BackendStatus, Probe, RuntimeStatus } from '../../shared/training.ts';
import { UserError } from '../../shared/contract.ts';
import { findRuntime } from './pack.ts';
import { whyNotInstallable } from './why-not.ts';

/** Opens one backend in a process of its own and reports it; rejects with the reason when it does not open. */
export type RunProbe = (backend: BackendId) => Promise<Probe>;

/** Short, for sentences. */
const NAMES: Readonly<Record<BackendId, string>> = {
  tensorflow: 'TensorFlow',
  wasm: 'WebAssembly',
  cpu: 'Plain JavaScript',
};

const LABELS: Readonly<Record<BackendId, string>> = {
  tensorflow: 'TensorFlow (on the processor; graphics cards not yet)',
  wasm: NAMES.wasm,
  cpu: NAMES.cpu,
};

const INSTALL = 'npm run runtime';
/** Tries a backend that is there and does not work once more. */
const REPAIRS: Readonly<Record<BackendId, string>> = { tensorflow: INSTALL, wasm: 'npm ci', cpu: 'npm ci' };

/** Takes a second or two: a process for each backend. Throws UserError when none works. */
export async function runtimeStatus(runProbe: RunProbe): Promise<RuntimeStatus> {
  const obstacle = whyNotInstallable();
  const found = await Promise.all(BACKEND_IDS.map((id) => describeBackend(id, runProbe, obstacle)));
  const best = found.find(({ probe }) => probe !== null)?.probe;
  if (!best) throw new UserError(found.map(({ status }) => `${status.label}: ${status.reason}`).join('\n'));
  return {
    ...best,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    backends: found.map(({ status }) => compareWithBest(status, best.backend)),
    installable: obstacle === null && found[0]?.status.state !== 'available',
  };
}

interface Found {
  readonly status: BackendStatus;
  readonly probe: Probe | null;
}

async function describeBackend(id: BackendId, runProbe: RunProbe, obstacle: string | null): Promise<Found> {
  const nothing = { id, label: LABELS[id], version: null, device: null, threads: null };
  if (id === 'tensorflow' && findRuntime() === null) {
    const reason = obstacle ?? 'It is not installed yet; it trains about ten times faster than WebAssembly.';
    return {
      status: { ...nothing, state: 'missing', reason, remedy: obstacle === null ? INSTALL : null },
      probe: null,
    };
  }
  try {
    const probe = await runProbe(id);
    const { version, device, threads } = probe;
    const status = { ...nothing, version, device, threads, state: 'available', reason: '', remedy: null } as const;
    return { status, probe };
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem);
    return { status: { ...nothing, state: 'broken', reason, remedy: REPAIRS[id] }, probe: null };
  }
}

function compareWithBest(status: BackendStatus, best: BackendId): BackendStatus {
  if (status.id === best) return { ...status, state: 'in use' };
  if (status.state !== 'available') return status;
  return { ...status, reason: `It works, but ${NAMES[best]} is faster.` };
}
