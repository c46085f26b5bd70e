// What Settings > Runtime shows, and its button. Finding out starts processes that load each backend, so the answer is
// kept until an installation changes it.

import { UserError, type AnyEvent, type Services } from '../../shared/contract.ts';
import type { BackendChoice } from '../../shared/run.ts';
import type { Probe, RuntimeStatus } from '../../shared/training.ts';
import { installRuntime } from '../runtime/install.ts';
import { runtimeStatus } from '../runtime/status.ts';

type RuntimeCalls = Pick<Services, 'runtimeStatus' | 'installRuntime'>;

export interface RuntimeServices {
  readonly calls: RuntimeCalls;
  /** Ends an installation; what it has is kept and resumed. */
  close(): Promise<void>;
}

/** `node` is what training runs on: the finished addon is tried with it. */
export function createRuntimeServices(
  node: string,
  probe: (backend: BackendChoice) => Promise<Probe>,
  announce: (event: AnyEvent) => void,
): RuntimeServices {
  const cancel = new AbortController();
  let status: Promise<RuntimeStatus> | null = null;
  let installing: Promise<void> | null = null;

  async function install(): Promise<void> {
    const tell = (message: string, fraction: number | null, failed = false) =>
      announce({ event: 'runtime', data: { message, fraction, failed } });
    try {
      await installRuntime((message, fraction) => tell(message, fraction), { signal: cancel.signal, node });
      tell('TensorFlow is ready', 1);
    } catch (problem) {
      tell(problem instanceof UserError ? problem.message : `fetching TensorFlow failed: ${problem}`, null, true);
    } finally {
      status = null;
      installing = null;
    }
  }

  const calls: RuntimeCalls = {
    runtimeStatus() {
      const asked = (status ??= runtimeStatus(probe));
      asked.catch(() => {
        if (status === asked) status = null;
      });
      return asked;
    },
    installRuntime() {
      installing ??= install();
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
