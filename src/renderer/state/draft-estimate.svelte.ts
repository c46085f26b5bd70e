// What the draft would cost, measured by training a few steps of it; and whether that still holds for what the form says now.

import type { NewRun } from '../../shared/contract.ts';
import type { Estimate } from '../../shared/training.ts';
import type { Connection } from './connection.svelte.ts';
import { describeProblem } from './notices.svelte.ts';

export type EstimateState =
  | { readonly phase: 'none' }
  | { readonly phase: 'measuring' }
  /** `of` is what was measured; another draft makes it stale. */
  | { readonly phase: 'measured'; readonly estimate: Estimate; readonly of: string }
  | { readonly phase: 'failed'; readonly message: string };

export class DraftEstimate {
  readonly #connection: Connection;
  #state = $state.raw<EstimateState>({ phase: 'none' });

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get state(): EstimateState {
    return this.#state;
  }

  isStaleFor(newRun: NewRun | null): boolean {
    return this.#state.phase === 'measured' && this.#state.of !== costOf(newRun);
  }

  async measure(newRun: NewRun): Promise<void> {
    if (this.#state.phase === 'measuring') return;
    this.#state = { phase: 'measuring' };
    try {
      const estimate = await this.#connection.call('estimateRun', newRun);
      this.#state = { phase: 'measured', estimate, of: costOf(newRun) };
    } catch (problem) {
      this.#state = { phase: 'failed', message: describeProblem(problem) };
    }
  }
}

/** What a step costs depends on these, not on the name, the seed or the number of steps. */
function costOf(newRun: NewRun | null): string {
  if (!newRun) return '';
  const { recipe, preset, parameters, data, backend } = newRun;
  return JSON.stringify([recipe, preset, parameters, data, backend]);
}
