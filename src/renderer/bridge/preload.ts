// The line through Electron's preload script. It lives as long as the window, so it is never lost.

import type { AnyEvent } from '../../shared/contract.ts';
import type { Call } from '../../shared/messages.ts';
import type { Link } from './link.ts';

export interface PreloadBridge {
  readonly call: Call;
  listen(handler: (event: AnyEvent) => void): unknown;
}

export function openPreloadLink(bridge: PreloadBridge): Link {
  const listeners = new Set<(event: AnyEvent) => void>();
  bridge.listen((event) => {
    for (const listener of listeners) listener(event);
  });
  return {
    call: (name, args) => bridge.call(name, args),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch(watcher) {
      watcher({ phase: 'up' });
      return () => {};
    },
    retry() {},
  };
}
