// Notices what happens in the library, whoever does it: this app, the command line, a training process, a person who
// copies folders. It looks at file times, cheap enough to do it several times a second, and reads only what changed.

import { isActive, type RunId, type RunSummary } from '../../shared/run.ts';
import { openNudges } from './nudges.ts';
import type { Summaries } from './summaries.ts';

export type WatchListener = (changes: {
  readonly changed: readonly RunSummary[];
  readonly removed: readonly RunId[];
}) => void;

export interface Watch {
  add(listener: WatchListener): () => void;
  /** Looks as soon as the current work is done instead of at the next tick, or a little later after a look just now. */
  lookNow(): void;
  close(): void;
}

/** A commit is to be painted within 250 ms. A look at eight active runs takes a millisecond of the processor. */
const ACTIVE_MS = 100;
/** From the first word of a write to the look: a commit is several writes. */
const NUDGED_MS = 10;
const IDLE_MS = 1000;
/** Between looks at everything: a hundred deletions in a row are seen at a few looks. */
const BETWEEN_LOOKS_MS = 100;
/** Ended runs looked at in one second, in turn: a rename of one of thousands from outside may take a few seconds to show. */
const ENDED_AT_ONCE = 500;

interface Seen {
  readonly stamp: string;
  readonly summary: RunSummary;
}

export function openWatch(summaries: Summaries): Watch {
  const listeners = new Set<WatchListener>();
  const eye = openEye(summaries);
  let timer: NodeJS.Timeout | null = null;
  let [lookedAt, isLookingSoon, isNudged] = [-Infinity, false, false];
  const nudges = openNudges(summaries.folder, () => {
    if (isNudged || isLookingSoon) return;
    schedule(NUDGED_MS, false);
    isNudged = true;
  });

  const schedule = (delayMs: number, everything: boolean): void => {
    [isLookingSoon, isNudged] = [everything, false];
    if (timer !== null) clearTimeout(timer);
    timer = listeners.size === 0 ? null : setTimeout(() => tick(everything), delayMs).unref();
  };
  const tick = (everything: boolean): void => {
    try {
      const changes = eye.look(everything);
      if (changes.changed.length + changes.removed.length === 0) return;
      for (const listener of listeners) listener(changes);
    } finally {
      if (everything) lookedAt = performance.now();
      nudges.follow(listeners.size > 0 ? eye.active() : []);
      schedule(eye.active().length > 0 ? ACTIVE_MS : IDLE_MS, false);
    }
  };

  return {
    add(listener) {
      // What is there already is not news.
      if (listeners.size === 0) eye.look(true);
      listeners.add(listener);
      schedule(eye.active().length > 0 ? ACTIVE_MS : IDLE_MS, false);
      return () => void listeners.delete(listener);
    },
    lookNow() {
      if (!isLookingSoon) schedule(Math.max(0, lookedAt + BETWEEN_LOOKS_MS - performance.now()), true);
    },
    close() {
      listeners.clear();
      nudges.close();
      schedule(0, false);
    },
  };
}

interface Eye {
  /** What changed since the last look; `everything`: without taking turns. */
  look(everything: boolean): { changed: RunSummary[]; removed: RunId[] };
  active(): RunId[];
}

function openEye(summaries: Summaries): Eye {
  const seen = new Map<RunId, Seen>();
  let [listedAt, turn] = [-Infinity, 0];
  // One that is about to start is looked at as often as one that runs.
  const isActiveNow = ({ summary: { state } }: Seen): boolean => isActive(state) || state.phase === 'queued';

  /** The summary when it says something new. */
  const lookAt = (id: RunId): RunSummary | null => {
    const before = seen.get(id);
    const stamp = summaries.stamp(id);
    // An active run whose files rest is read all the same: its process may be gone.
    if (before?.stamp === stamp && !isActiveNow(before)) return null;
    const summary = summaries.read(id);
    seen.set(id, { stamp, summary });
    return before !== undefined && sameNews(before.summary, summary) ? null : summary;
  };

  /** Some of the ended runs, the next ones at the next time. */
  const inTurn = (ended: RunId[], everything: boolean): RunId[] => {
    if (everything || ended.length <= ENDED_AT_ONCE) return ended;
    if (turn >= ended.length) turn = 0;
    return ended.slice(turn, (turn += ENDED_AT_ONCE));
  };

  return {
    look(everything) {
      const lists = everything || performance.now() - listedAt >= IDLE_MS - ACTIVE_MS / 2;
      const ids = lists ? readIds(summaries) : [...seen.keys()];
      if (ids === null) return { changed: [], removed: [] };
      if (lists) listedAt = performance.now();
      const there = new Set(ids);
      const removed = [...seen.keys()].filter((id) => !there.has(id));
      removed.forEach((id) => void seen.delete(id));
      const { ended = [], others = [] } = Object.groupBy(ids, (id) => {
        const one = seen.get(id);
        return one !== undefined && !isActiveNow(one) ? 'ended' : 'others';
      });
      const due = [...others, ...(lists ? inTurn(ended, everything) : [])];
      return { changed: due.flatMap((id) => lookAt(id) ?? []), removed };
    },
    active: () => [...seen].flatMap(([id, one]) => (isActiveNow(one) ? [id] : [])),
  };
}

/** Null when the folder cannot be listed just now (a disk that went away): nothing is known, so nothing is said. */
function readIds(summaries: Summaries): RunId[] | null {
  try {
    return summaries.ids();
  } catch {
    return null;
  }
}

function sameNews(before: RunSummary, now: RunSummary): boolean {
  return (
    before.cursor === now.cursor &&
    before.name === now.name &&
    before.createdMs === now.createdMs &&
    before.starred === now.starred &&
    before.archived === now.archived &&
    before.tags.join('\n') === now.tags.join('\n') &&
    before.state.phase === now.state.phase
  );
}
