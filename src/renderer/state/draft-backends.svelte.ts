// What a draft costs on each backend: what is known of its settings from earlier, and measuring it on each.

import type { NewRun } from '../../shared/contract.ts';
import type { BackendId } from '../../shared/run.ts';
import { rankEstimates, type BackendTime } from './backend-times.ts';
import type { Connection } from './connection.svelte.ts';
import { describeProblem } from './notices.svelte.ts';

const PAUSE_MS = 300;

export interface BackendProblem {
  readonly backend: BackendId;
  readonly message: string;
}

export class DraftBackends {
  readonly #connection: Connection;
  #times = $state.raw<readonly BackendTime[]>([]);
  #problems = $state.raw<readonly BackendProblem[]>([]);
  #measuring = $state<BackendId | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The fastest first. */
  get times(): readonly BackendTime[] {
    return this.#times;
  }
  /** Of the last measurement on each. */
  get problems(): readonly BackendProblem[] {
    return this.#problems;
  }
  /** The backend that is being measured; null when none is. */
  get measuring(): BackendId | null {
    return this.#measuring;
  }

  /** Other settings than before: what is known of them is asked for in a moment. */
  lookSoon(newRun: NewRun | null): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(newRun), PAUSE_MS);
  }

  /** One after the other: two at once would measure each other. */
  async measureEach(newRun: NewRun, backends: readonly BackendId[]): Promise<void> {
    if (this.#measuring) return;
    this.#problems = [];
    for (const backend of backends) {
      this.#measuring = backend;
      try {
        await this.#connection.call('estimateRun', { ...newRun, backend });
      } catch (problem) {
        this.#problems = [...this.#problems, { backend, message: describeProblem(problem) }];
      }
      await this.#look(newRun);
    }
    this.#measuring = null;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #look(newRun: NewRun | null): Promise<void> {
    const request = ++this.#request;
    try {
      const known = newRun ? await this.#connection.call('knownEstimates', newRun) : [];
      if (request === this.#request) this.#times = rankEstimates(known);
    } catch {
      // Refused settings are told of where they are set.
      if (request === this.#request) this.#times = [];
    }
  }
}
