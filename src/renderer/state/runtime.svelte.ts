// What computes here: the backends, the fetching of native TensorFlow, and where Saddle keeps things.

import type { AppInfo, Events } from '../../shared/contract.ts';
import type { GpuSettings, RuntimeStatus } from '../../shared/training.ts';
import { translateRuntime } from '../text/services/answers.ts';
import type { Connection } from './connection.svelte.ts';
import { describeProblem } from './notices.svelte.ts';

export class RuntimeState {
  readonly #connection: Connection;
  #status = $state.raw<RuntimeStatus | null>(null);
  #app = $state.raw<AppInfo | null>(null);
  #progress = $state.raw<Events['runtime'] | null>(null);
  #problem = $state('');
  #isChecking = $state(false);

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.on('runtime', (progress) => {
      this.#progress = progress;
      if (progress.fraction === 1 || progress.failed) void this.load();
    });
    connection.onReturn(() => void this.load());
    void this.load();
  }

  get status(): RuntimeStatus | null {
    return this.#status;
  }
  get app(): AppInfo | null {
    return this.#app;
  }
  get progress(): Events['runtime'] | null {
    return this.#progress;
  }
  get isInstalling(): boolean {
    return this.#progress !== null && !this.#progress.failed && this.#progress.fraction !== 1;
  }
  get isChecking(): boolean {
    return this.#isChecking;
  }
  get problem(): string {
    return this.#problem;
  }

  /** `fresh`: tries the backends again. */
  async load(fresh = false): Promise<void> {
    this.#isChecking = true;
    try {
      this.#app = await this.#connection.call('appInfo', {});
      this.#status = translateRuntime(await this.#connection.call('runtimeStatus', { fresh }));
      this.#problem = '';
    } catch (problem) {
      this.#problem = describeProblem(problem);
    }
    this.#isChecking = false;
  }

  /** `cuda`: TensorFlow for NVIDIA cards. */
  async install(cuda = false): Promise<void> {
    this.#progress = { message: '', fraction: null, failed: false };
    try {
      await this.#connection.call('installRuntime', { cuda });
    } catch (problem) {
      this.#progress = { message: describeProblem(problem), fraction: null, failed: true };
    }
  }

  async removeCuda(): Promise<void> {
    await this.#connection.call('removeCuda', {});
    await this.load();
  }

  /** What is absent stays as it is. */
  async setGpu(change: Partial<GpuSettings>): Promise<void> {
    await this.#connection.call('setGpu', change);
    await this.load();
  }
}
