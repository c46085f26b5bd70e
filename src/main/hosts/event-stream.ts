// Events on their way to one window: at most ten messages a second, and while the window does not keep up the newer
// fact replaces the older. Nothing is lost by that: events say what is so now, the numbers are read by cursor.

import type { AnyEvent, Events } from '../../shared/contract.ts';

const INTERVAL_MS = 100;

export interface EventStream {
  push(event: AnyEvent): void;
  close(): void;
}

/** `ready` false means that the window is behind: events wait, merged, and are tried again. */
export function openEventStream(send: (event: AnyEvent) => void, ready: () => boolean): EventStream {
  const waiting = new Map<string, AnyEvent>();
  let timer: NodeJS.Timeout | null = null;
  let sentMs = -Infinity;

  const flush = () => {
    timer = null;
    if (ready()) {
      sentMs = performance.now();
      const events = [...waiting.values()];
      waiting.clear();
      events.forEach(send);
    }
    if (waiting.size > 0) timer ??= setTimeout(flush, INTERVAL_MS);
  };

  return {
    push(event) {
      const key = event.event === 'data' ? `data ${event.data.id}` : event.event;
      const older = waiting.get(key);
      waiting.set(key, older?.event === 'runs' && event.event === 'runs' ? mergeRuns(older.data, event.data) : event);
      timer ??= setTimeout(flush, Math.max(0, sentMs + INTERVAL_MS - performance.now()));
    },
    close() {
      if (timer) clearTimeout(timer);
      waiting.clear();
    },
  };
}

function mergeRuns(older: Events['runs'], newer: Events['runs']): AnyEvent {
  const removed = new Set([...older.removed, ...newer.removed]);
  const changed = new Map(older.changed.map((run) => [run.id, run]));
  for (const run of newer.changed) {
    changed.set(run.id, run);
    removed.delete(run.id); // Removed, then there again (a copied folder).
  }
  for (const id of newer.removed) changed.delete(id);
  return { event: 'runs', data: { changed: [...changed.values()], removed: [...removed] } };
}
