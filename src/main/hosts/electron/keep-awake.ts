// While a run trains, the computer does not fall asleep by itself; the screen may.

import type { AnyEvent } from '../../../shared/contract.ts';
import { isActive, type RunId, type RunSummary } from '../../../shared/run.ts';

/** Electron's powerSaveBlocker, or the part of it that is needed. */
export interface Blocker {
  start(type: 'prevent-app-suspension'): number;
  stop(id: number): unknown;
}

/** Returns the listener for the services' events. A paused run does not train. */
export function keepAwake(runs: readonly RunSummary[], blocker: Blocker): (event: AnyEvent) => void {
  const training = new Set<RunId>();
  let blocking: number | null = null;
  const look = (changed: readonly RunSummary[], removed: readonly RunId[]) => {
    for (const { id, state } of changed) {
      if (isActive(state) && state.phase !== 'paused') training.add(id);
      else training.delete(id);
    }
    for (const id of removed) training.delete(id);
    if (training.size > 0) blocking ??= blocker.start('prevent-app-suspension');
    else if (blocking !== null) {
      blocker.stop(blocking);
      blocking = null;
    }
  };
  look(runs, []);
  return (event) => {
    if (event.event === 'runs') look(event.data.changed, event.data.removed);
  };
}
