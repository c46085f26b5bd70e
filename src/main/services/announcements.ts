// The events of the services: facts told to whoever listens, in order, and a listener that fails harms no other.

import type { AnyEvent } from '../../shared/contract.ts';

export interface Announcements {
  announce(event: AnyEvent): void;
  /** Returns the function that ends the listening. */
  subscribe(listener: (event: AnyEvent) => void): () => void;
}

export function createAnnouncements(report: (problem: unknown) => void): Announcements {
  const listeners = new Set<(event: AnyEvent) => void>();
  return {
    announce(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (problem) {
          report(problem);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
