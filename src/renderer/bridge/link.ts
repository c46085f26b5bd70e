// The window's one line to the services, whichever host serves it: calls, events, and whether the line is up.

import type { AnyEvent } from '../../shared/contract.ts';
import type { Call } from '../../shared/messages.ts';
import { openPreloadLink, type PreloadBridge } from './preload.ts';
import { SocketLink } from './socket.ts';

/**
 *   connecting -> up <-> lost (retries by itself)
 */
export type LinkStatus =
  { readonly phase: 'connecting' } | { readonly phase: 'up' } | { readonly phase: 'lost'; readonly retryAtMs: number };

export interface Link {
  /** Rejects with UserError for refusals and for a lost line, with Error for bugs. */
  readonly call: Call;
  /** Returns the function that ends the listening. */
  listen(listener: (event: AnyEvent) => void): () => void;
  /** Calls back at once with the status, then at every change. Returns the function that ends it. */
  watch(watcher: (status: LinkStatus) => void): () => void;
  /** Tries again now instead of at `retryAtMs`. */
  retry(): void;
}

declare global {
  interface Window {
    readonly saddle?: PreloadBridge;
  }
}

/** Electron's preload bridge where there is one, else a WebSocket to where the page came from. */
export function openLink(): Link {
  if (window.saddle) return openPreloadLink(window.saddle);
  const url = new URL('/calls', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const link = new SocketLink(() => new WebSocket(url));
  // A laptop that wakes up or comes back to its network need not wait for the next try.
  window.addEventListener('online', () => link.retry());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) link.retry();
  });
  return link;
}
