// What a user or a host asks of a training that runs: commands from the run file, and the signal to stop.

import type { Loop } from './loop.ts';
import { waitFor } from './patience.ts';

/** How often commands are looked for, while running and while paused. */
const COMMANDS_EVERY_MS = 200;

export interface Stop {
  /** For the event. */
  readonly reason: string;
}

/** Looks for commands now and then; stays inside while the run is paused. Returns null to go on. */
export function createObedience(loop: Loop, checkpoint: (reason: string) => Promise<void>): () => Promise<Stop | null> {
  const { writer, saver, speed, signal, patience } = loop;
  let lookedMs = -Infinity;
  return async () => {
    const { step } = loop;
    if (signal.aborted) return stopOf(signal);
    if (performance.now() - lookedMs < COMMANDS_EVERY_MS) return null;
    lookedMs = performance.now();
    for (;;) {
      for (const command of await patience.persist(() => writer.takeCommands())) {
        if (command === 'stop') return { reason: 'asked for by the user' };
        if (command === 'pause' && !loop.isPaused) {
          await checkpoint('paused');
          await saver.settled();
          await patience.persist(() => writer.phase('paused', step));
        } else if (command === 'resume' && loop.isPaused) {
          speed.restart();
          await patience.persist(() => writer.phase('running', step));
        }
        loop.isPaused = command === 'pause';
      }
      if (!loop.isPaused) return null;
      await waitFor(COMMANDS_EVERY_MS, signal);
      if (signal.aborted) return stopOf(signal);
      await patience.persist(() => writer.progress(step, null));
    }
  };
}

function stopOf({ reason }: AbortSignal): Stop {
  return { reason: typeof reason === 'string' ? reason : '' };
}
