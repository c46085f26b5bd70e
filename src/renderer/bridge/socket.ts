// The line over a WebSocket. Comes back by itself with growing pauses; calls asked while it is down are refused at
// once, so that nothing waits for ever and nothing is sent twice.

import { UserError, type AnyEvent } from '../../shared/contract.ts';
import { decodeFrame, encodeFrame } from '../../shared/frames.ts';
import { Caller, type Call, type Frame, type Request } from '../../shared/messages.ts';
import { text } from '../text/text.ts';
import type { Link, LinkStatus } from './link.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Milliseconds to wait before try number `tries` (from 0): doubling from 250, at most 5,000. */
export function pauseBeforeTry(tries: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10));
}

export class SocketLink implements Link {
  readonly #open: () => WebSocket;
  readonly #caller: Caller;
  readonly #watchers = new Set<(status: LinkStatus) => void>();
  #socket: WebSocket | null = null;
  #status: LinkStatus = { phase: 'connecting' };
  #waiting: Request[] = [];
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(open: () => WebSocket) {
    this.#open = open;
    this.#caller = new Caller((request) => this.#send(request));
    this.#connect();
  }

  readonly call: Call = (name, args) =>
    this.#status.phase === 'lost'
      ? Promise.reject(new UserError(text.connection.refused))
      : this.#caller.call(name, args);

  listen(listener: (event: AnyEvent) => void): () => void {
    return this.#caller.listen(listener);
  }

  watch(watcher: (status: LinkStatus) => void): () => void {
    this.#watchers.add(watcher);
    watcher(this.#status);
    return () => this.#watchers.delete(watcher);
  }

  retry(): void {
    if (this.#status.phase !== 'lost' || this.#socket || this.#closed) return;
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #send(request: Request): void {
    if (this.#status.phase === 'up') this.#socket?.send(encodeFrame(request));
    else this.#waiting.push(request);
  }

  #connect(): void {
    clearTimeout(this.#timer);
    const socket = this.#open();
    this.#socket = socket;
    socket.onopen = () => {
      this.#tries = 0;
      this.#tell({ phase: 'up' });
      for (const request of this.#waiting.splice(0)) this.#send(request);
    };
    socket.onmessage = (message) => this.#caller.receive(decodeFrame(String(message.data)) as Frame);
    // A socket that fails to open closes too: one path for both.
    socket.onclose = () => this.#lose();
  }

  #lose(): void {
    this.#socket = null;
    this.#waiting = [];
    const pauseMs = pauseBeforeTry(this.#tries++);
    this.#tell({ phase: 'lost', retryAtMs: Date.now() + pauseMs });
    this.#caller.disconnect(text.connection.refused);
    if (!this.#closed) this.#timer = setTimeout(() => this.#connect(), pauseMs);
  }

  #tell(status: LinkStatus): void {
    this.#status = status;
    for (const watcher of this.#watchers) watcher(status);
  }
}
