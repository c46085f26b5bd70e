// What Settings > Runtime shows, and its button. Finding out starts processes that try each backend, so the answer is
// kept: in this process until an installation changes it, in the cache until the machine does.

import { UserError, type AnyEvent, type Services } from '../../shared/contract.ts';
import type { RuntimeStatus } from '../../shared/training.ts';
import type { TrainingProgram } from '../runs/program.ts';
import { saveGpuSettings } from '../runtime/gpu-settings.ts';
import { installRuntime, removeRuntime, type PackKind } from '../runtime/install.ts';
import { machineKey } from '../runtime/machine-key.ts';
import { readProbes, saveProbes } from '../runtime/probes.ts';
import { describeRuntime, probeBackends, type RunProbe } from '../runtime/status.ts';

type RuntimeCalls = Pick<Services, 'runtimeStatus' | 'installRuntime' | 'removeCuda' | 'setGpu'>;

export interface RuntimeServices {
  readonly calls: RuntimeCalls;
  /** Ends an installation; what it has is kept and resumed. */
  close(): Promise<void>;
}

/** `program` is what training runs on: the finished addon is tried with its Node. */
export function createRuntimeServices(
  program: Pick<TrainingProgram, 'node' | 'environment'>,
  probe: RunProbe,
  announce: (event: AnyEvent) => void,
): RuntimeServices {
  const cancel = new AbortController();
  let status: Promise<RuntimeStatus> | null = null;
  let installing: Promise<void> | null = null;

  async function install(kind: PackKind): Promise<void> {
    const tell = (message: string, fraction: number | null, failed = false) =>
      announce({ event: 'runtime', data: { message, fraction, failed } });
    try {
      const options = { kind, signal: cancel.signal, node: program.node };
      await installRuntime((message, fraction) => tell(message, fraction), options);
      tell('TensorFlow is ready', 1);
    } catch (problem) {
      tell(problem instanceof UserError ? problem.message : `fetching TensorFlow failed: ${problem}`, null, true);
    } finally {
      status = null;
      installing = null;
    }
  }

  async function find(fresh: boolean): Promise<RuntimeStatus> {
    const key = machineKey(program.environment());
    const known = fresh ? null : readProbes(key);
    const results = await probeBackends(probe, known?.results);
    const probes = { key, probedMs: known?.probedMs ?? Date.now(), results };
    saveProbes(probes);
    return describeRuntime(probes);
  }

  const calls: RuntimeCalls = {
    runtimeStatus({ fresh }) {
      if (fresh) status = find(true);
      const asked = (status ??= find(false));
      asked.catch(() => {
        if (status === asked) status = null;
      });
      return asked;
    },
    installRuntime({ cuda = false }) {
      installing ??= install(cuda ? 'cuda' : 'processor');
      return null;
    },
    async removeCuda() {
      await removeRuntime('cuda');
      status = null;
      return null;
    },
    setGpu(change) {
      saveGpuSettings(change);
      status = null;
      return null;
    },
  };
  return {
    calls,
    async close() {
      cancel.abort();
      await installing;
    },
  };
}
