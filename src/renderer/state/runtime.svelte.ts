// What computes here: the backends, the fetching of native TensorFlow, and where Saddle keeps things.

import type { AppInfo, Events } from '../../shared/contract.ts';
import type { RuntimeStatus } from '../../shared/training.ts';
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

  async load(): Promise<void> {
    this.#isChecking = true;
    try {
      this.#app = await this.#connection.call('appInfo', {});
      this.#status = await this.#connection.call('runtimeStatus', {});
      this.#problem = '';
    } catch (problem) {
      this.#problem = describeProblem(problem);
    }
    this.#isChecking = false;
  }

  async install(): Promise<void> {
    this.#progress = { message: '', fraction: null, failed: false };
    try {
      await this.#connection.call('installRuntime', {});
    } catch (problem) {
      this.#progress = { message: describeProblem(problem), fraction: null, failed: true };
    }
  }
}
