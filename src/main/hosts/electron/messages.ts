// Calls and events of one window over a message port of any make: frames are cloned, typed arrays and NaN included, so
// nothing is encoded. Electron's ipc is one such port; the tests use a plain MessageChannel.

import type { AnyEvent, Services } from '../../../shared/contract.ts';
import { answer, type Frame } from '../../../shared/messages.ts';
import { openEventStream } from '../event-stream.ts';

export interface MessageWiring {
  readonly services: Services;
  subscribe(listener: (event: AnyEvent) => void): () => void;
  report(problem: unknown): void;
}

export interface ServedMessages {
  /** A frame from the window, whatever it holds. */
  receive(frame: unknown): void;
  close(): void;
}

/** `send` must not throw for a window that is gone. */
export function serveMessages(wiring: MessageWiring, send: (frame: Frame) => void): ServedMessages {
  let closed = false;
  const sendIfOpen = (frame: Frame) => {
    if (!closed) send(frame);
  };
  const stream = openEventStream(sendIfOpen, () => true);
  const unsubscribe = wiring.subscribe((event) => stream.push(event));
  return {
    receive(frame) {
      void answer(wiring.services, frame, wiring.report).then(sendIfOpen);
    },
    close() {
      closed = true;
      unsubscribe();
      stream.close();
    },
  };
}
